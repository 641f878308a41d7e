//! Who asks, and whether they may: API keys and tokens on the one side, what each address takes on the other. Knows nothing of
//! what is asked. Without a section `[access]` nobody is asked who they are, and nothing can be published.

mod key;
mod section;
mod table;
mod token;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};

use super::caller::Caller;
use super::configuration::Wrong;
use super::problem::{self, Kind, Problem};
use crate::syntax::tree::Language;
use key::Keys;
pub use key::made;
pub use section::Section;
use section::{Metrics, Reading};
pub(super) use table::{Need, Needs, needs};
use token::Tokens;

/// What somebody may do. Each of them may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Asks.
    Reader,
    /// Proposes versions.
    Author,
    /// Publishes what others proposed.
    Approver,
    /// Sees what the service counts.
    Operator,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Reader, Self::Author, Self::Approver, Self::Operator];

    /// As a configuration writes it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Author => "author",
            Self::Approver => "approver",
            Self::Operator => "operator",
        }
    }

    /// Of its id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }
}

/// Some roles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Roles(u8);

impl Roles {
    fn with(self, role: Role) -> Self {
        Self(self.0 | Self::bit(role))
    }

    pub(super) fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    const fn bit(role: Role) -> u8 {
        match role {
            Role::Reader => 1,
            Role::Author => 2,
            Role::Approver => 4,
            Role::Operator => 8,
        }
    }
}

/// Who was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Principal {
    /// The name of the key, or the subject of the token. The same name is the same person, whichever it came by.
    pub(super) name: Arc<str>,
    pub(super) roles: Roles,
}

impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    /// Where somebody must be known; nobody is where nobody is asked.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| Stranger::Silent(Need::Seeing).problem(Caller::of(&parts.uri, &parts.headers).language))
    }
}

/// Names are written into logs that nobody can change: they are short and of plain characters.
fn is_name(name: &str) -> bool {
    let plain = |c: char| !c.is_control();
    !name.is_empty() && name.chars().count() <= 128 && name.trim() == name && name.chars().all(plain)
}

/// Lets in whoever may come in.
#[derive(Debug)]
pub struct Guard {
    reading: Reading,
    metrics: Metrics,
    keys: Keys,
    tokens: Option<Tokens>,
}

impl Guard {
    /// As a configuration says; paths start from its folder.
    ///
    /// # Errors
    /// When it names nobody, names somebody twice, or would leave a check out.
    pub(super) fn new(section: Section, folder: &std::path::Path) -> Result<Self, Wrong> {
        let Section { reading, metrics, keys, jwt } = section;
        if keys.is_empty() && jwt.is_none() {
            return Err(Wrong::new(
                "access",
                "không nêu ai: cần `[[access.key]]` hoặc `[access.jwt]`; tạo khóa bằng `tq key token`",
                "it names nobody: write `[[access.key]]` or `[access.jwt]`; `tq key token` makes a key",
            ));
        }
        let tokens = jwt.map(|jwt| Tokens::new(jwt, folder)).transpose()?;
        Ok(Self { reading, metrics, keys: Keys::new(keys)?, tokens })
    }

    /// Who asks, if they say so and may ask this.
    pub(super) fn admit(
        &self,
        needs: Option<Needs>,
        (method, uri): (&Method, &Uri),
        headers: &HeaderMap,
    ) -> Result<Option<Principal>, Problem> {
        let language = || Caller::of(uri, headers).language;
        let principal = self.recognised(headers).map_err(|stranger| stranger.problem(language()))?;
        // What has no address is told so by the router.
        let Some(needs) = needs else { return Ok(principal) };
        let Some(need) = needs.of(method) else {
            // A way that is not in the table is none, though there be a handler.
            return Err(problem::method_refused(method, uri, (needs.methods(), language())));
        };
        let is_open = match need {
            Need::Anyone => true,
            Need::Reading => self.reading == Reading::Open,
            Need::Metrics => self.metrics == Metrics::Open,
            Need::Proposing | Need::Seeing | Need::Withdrawing | Need::Approving => false,
        };
        match &principal {
            _ if is_open => Ok(principal),
            Some(one) if need.roles().iter().any(|role| one.roles.has(*role)) => Ok(principal),
            Some(_) => Err(lacking(need, language())),
            None => Err(Stranger::Silent(need).problem(language())),
        }
    }

    /// Whom the credential of a request is of; nobody where there is none.
    fn recognised(&self, headers: &HeaderMap) -> Result<Option<Principal>, Stranger> {
        let mut said = headers.get_all(header::AUTHORIZATION).iter();
        let said = match (said.next(), said.next()) {
            (None, _) => return Ok(None),
            (Some(only), None) => only,
            (Some(_), Some(_)) => return Err(Stranger::Several),
        };
        let (scheme, credential) = said.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Stranger::NotBearer);
        }
        let credential = credential.trim_start_matches(' ');
        if key::is_one(credential) {
            return self.keys.of(credential).map(Some).ok_or(Stranger::UnknownKey);
        }
        match &self.tokens {
            Some(tokens) => tokens.of(credential).map(Some),
            None => Err(Stranger::UnknownKey),
        }
    }

    /// Reads the keys of tokens again, if their file is another.
    pub(super) fn look(&self, language: Language) {
        if let Some(tokens) = &self.tokens {
            tokens.look(language);
        }
    }
}

/// Why nobody is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stranger {
    /// Nobody says who asks, where it must be known.
    Silent(Need),
    Several,
    NotBearer,
    UnknownKey,
    /// It is no token, or its header asks for what is not done here.
    Malformed,
    /// It is signed by a key that is not known, or by another algorithm than that of the key.
    UnknownSigner,
    Forged,
    Expired,
    Early,
    Issuer,
    Audience,
    /// A claim that must be there is not, or is of another kind.
    Claim(&'static str),
}

impl Stranger {
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Silent(_) => None,
            Self::Several => Some("several-credentials"),
            Self::NotBearer => Some("not-bearer"),
            Self::UnknownKey => Some("unknown-key"),
            Self::Malformed => Some("malformed-token"),
            Self::UnknownSigner => Some("unknown-signer"),
            Self::Forged => Some("wrong-signature"),
            Self::Expired => Some("expired"),
            Self::Early => Some("not-yet-valid"),
            Self::Issuer => Some("wrong-issuer"),
            Self::Audience => Some("wrong-audience"),
            Self::Claim(_) => Some("missing-claim"),
        }
    }

    fn problem(self, language: Language) -> Problem {
        let detail = match language {
            Language::Vietnamese => self.vietnamese(),
            Language::English => self.english(),
        };
        let problem = Problem::new(Kind::Unauthorized, language, detail).at("authorization");
        let problem = problem.expecting("Authorization: Bearer …");
        match self.code() {
            Some(code) => problem.coded(code),
            None => problem,
        }
    }

    fn vietnamese(self) -> String {
        match self {
            Self::Silent(need) => format!("phải cho biết ai hỏi; cần vai trò: {}", need.listed()),
            Self::Several => "chỉ gửi một `Authorization`".to_owned(),
            Self::NotBearer => "chỉ nhận `Bearer` với khóa API hoặc token".to_owned(),
            Self::UnknownKey => "không có khóa này".to_owned(),
            Self::Malformed => "không phải token hợp lệ".to_owned(),
            Self::UnknownSigner => "không có khóa để kiểm tra chữ ký của token này".to_owned(),
            Self::Forged => "chữ ký của token không đúng".to_owned(),
            Self::Expired => "token đã hết hạn".to_owned(),
            Self::Early => "token chưa có hiệu lực".to_owned(),
            Self::Issuer => "token do nơi khác cấp".to_owned(),
            Self::Audience => "token không cấp cho dịch vụ này".to_owned(),
            Self::Claim(claim) => format!("token thiếu `{claim}` hoặc ghi sai kiểu"),
        }
    }

    fn english(self) -> String {
        match self {
            Self::Silent(need) => format!("it must be known who asks; one of these roles is needed: {}", need.listed()),
            Self::Several => "send one `Authorization` alone".to_owned(),
            Self::NotBearer => "only `Bearer` with an API key or a token is taken".to_owned(),
            Self::UnknownKey => "there is no such key".to_owned(),
            Self::Malformed => "this is no token that is taken".to_owned(),
            Self::UnknownSigner => "there is no key to check the signature of this token with".to_owned(),
            Self::Forged => "the signature of the token is wrong".to_owned(),
            Self::Expired => "the token has expired".to_owned(),
            Self::Early => "the token is not valid yet".to_owned(),
            Self::Issuer => "the token is of another issuer".to_owned(),
            Self::Audience => "the token is not for this service".to_owned(),
            Self::Claim(claim) => format!("the token lacks `{claim}`, or it is of another kind"),
        }
    }
}

/// Somebody is known, and may not do this.
fn lacking(need: Need, language: Language) -> Problem {
    let roles = need.listed();
    let detail = match language {
        Language::Vietnamese => format!("không có quyền này; cần vai trò: {roles}"),
        Language::English => format!("this may not be done by you; one of these roles is needed: {roles}"),
    };
    Problem::new(Kind::Forbidden, language, detail).at("authorization").expecting(roles)
}
