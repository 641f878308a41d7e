//! Who may ask what: every address, every method, every role and every way to be nobody, held to the table in
//! `docs/operations.md`. Also tokens, wrong configurations, and that no secret is ever in the log.

#[path = "desk/office.rs"]
pub mod office;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use office::{Answered, Office, ask, secret, small};
use serde_json::{Value, json};
use thamquyen::server::access::Role;
use thamquyen::server::{self, Settings, State};

fn here(path: &str) -> String {
    fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

/// Address, method.
type Way = (String, String);

/// The rows of the table of the page: who may ask an address by a method.
fn said() -> Vec<(Way, String)> {
    let page = here("docs/operations.md");
    let rows = page.lines().skip_while(|line| *line != "| address | method | who |").skip(2);
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [address, method, who] = cells[..] else { panic!("{line}") };
        ((address.trim_matches('`').to_owned(), method.to_owned()), who.to_owned())
    };
    rows.take_while(|line| line.starts_with('|')).map(row).collect()
}

/// The ways that the service routes, read from its one table.
fn routed() -> BTreeSet<Way> {
    let source = here("src/server.rs");
    let mut ways = BTreeSet::new();
    for route in source.split(".route(").skip(1) {
        let path = route.split('"').nth(1).expect("a path");
        let rest = route.split("\n        .").next().unwrap_or("");
        for method in ["get", "post", "put", "delete", "patch"] {
            if rest.contains(&format!("{method}(")) {
                ways.insert((path.to_owned(), method.to_uppercase()));
            }
        }
    }
    ways
}

#[test]
fn the_page_says_of_every_way_who_may_take_it() {
    let said: Vec<Way> = said().into_iter().map(|(way, _)| way).collect();
    let all: BTreeSet<Way> = said.iter().cloned().collect();
    assert_eq!(all.len(), said.len(), "a way is said twice");
    assert_eq!(all, routed());
}

/// How a configuration is open.
#[derive(Debug, Clone, Copy)]
struct Mode {
    reading: &'static str,
    metrics: &'static str,
}

impl Mode {
    fn text(self, office: &Office) -> String {
        let Self { reading, metrics } = self;
        format!("[access]\nreading = \"{reading}\"\nmetrics = \"{metrics}\"\n{JWT}{}", office.keys())
    }

    /// Whether somebody of these roles may do what the page says; none where nobody is known.
    fn lets(self, who: &str, roles: Option<&[&str]>) -> bool {
        let one_of = |wanted: &[&str]| roles.is_some_and(|roles| roles.iter().any(|role| wanted.contains(role)));
        let any = Role::ALL.map(Role::id);
        match who {
            "anyone" => true,
            "any role; anyone where `reading` is `open`" => self.reading == "open" || one_of(&any),
            "operator; anyone where `metrics` is `open`" => self.metrics == "open" || one_of(&["operator"]),
            "author" => one_of(&["author"]),
            "author, approver" | "author of their own, approver" => one_of(&["author", "approver"]),
            "approver" => one_of(&["approver"]),
            other => panic!("the page says `{other}`"),
        }
    }
}

const JWT: &str = "[access.jwt]\nissuer = \"https://login.example.vn\"\naudience = \"tq\"\nkeys = \"signers.json\"\n\
    role-claim = \"roles\"\n[access.jwt.roles]\nreaders = \"reader\"\neditors = \"author\"\nchiefs = \"approver\"\nstaff = \"operator\"\n";

const MODES: [Mode; 4] = [
    Mode { reading: "open", metrics: "operator" },
    Mode { reading: "keys", metrics: "operator" },
    Mode { reading: "open", metrics: "open" },
    Mode { reading: "keys", metrics: "open" },
];

/// Signs tokens of the issuer.
struct Issuer {
    ed: EncodingKey,
    ec: EncodingKey,
    ec_public: Vec<u8>,
}

impl Issuer {
    fn new() -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        Self {
            ed: EncodingKey::from_ed_pem(secret(7).pem().expect("a text").as_bytes()).expect("a key"),
            ec: EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).expect("a key"),
            ec_public: pair.public_key_raw().to_vec(),
        }
    }

    /// Its public keys, and the one of RSA.
    fn set(&self) -> String {
        let x = base64::engine::general_purpose::STANDARD.decode(secret(7).public().text()).expect("base64");
        let rsa: Value = serde_json::from_str(&here("tests/fixtures/access/rsa.jwks.json")).expect("JSON");
        let point = |from: usize| URL_SAFE_NO_PAD.encode(&self.ec_public[from..from + 32]);
        json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": URL_SAFE_NO_PAD.encode(x) },
            { "kty": "EC", "crv": "P-256", "kid": "ec", "x": point(1), "y": point(33) },
            rsa["keys"][0],
            { "kty": "RSA", "use": "enc", "kid": "other", "n": "AQAB", "e": "AQAB" },
        ]})
        .to_string()
    }

    fn token(&self, algorithm: Algorithm, kid: &str, claims: &Value) -> String {
        let key = if algorithm == Algorithm::ES256 { &self.ec } else { &self.ed };
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) };
        encode(&header, claims, key).expect("signed")
    }
}

fn now() -> i64 {
    server::now().as_second()
}

/// Claims that are right, of somebody of a group.
fn claims(group: &str) -> Value {
    json!({
        "iss": "https://login.example.vn", "aud": "tq", "sub": format!("token-{group}"),
        "exp": now() + 600, "nbf": now() - 5, "roles": [group, "of no meaning here"],
    })
}

fn but(member: &str, value: Value) -> Value {
    let mut claims = claims("editors");
    claims[member] = value;
    claims
}

fn without(member: &str) -> Value {
    let mut claims = claims("editors");
    claims.as_object_mut().expect("an object").remove(member);
    claims
}

/// A token of three parts, put together by hand.
fn by_hand(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(signature))
}

/// What is sent, and whose it is: `Err` where it is wrong, with the code that is told.
type Sent = (String, Vec<String>, Result<Option<&'static [&'static str]>, &'static str>);

fn bearer(about: &str, credential: &str, whose: Result<Option<&'static [&'static str]>, &'static str>) -> Sent {
    (about.to_owned(), vec![format!("Bearer {credential}")], whose)
}

fn good(office: &Office, issuer: &Issuer) -> Vec<Sent> {
    let mut all = vec![("nothing".to_owned(), Vec::new(), Ok(None))];
    for (name, roles, key) in &office.known {
        all.push(bearer(name, key, Ok(Some(roles))));
    }
    let groups: [(&str, &'static [&'static str]); 5] = [
        ("readers", &["reader"]),
        ("editors", &["author"]),
        ("chiefs", &["approver"]),
        ("staff", &["operator"]),
        ("strangers", &[]),
    ];
    for (group, roles) in groups {
        all.push(bearer(group, &issuer.token(Algorithm::EdDSA, "ed", &claims(group)), Ok(Some(roles))));
    }
    all.push(bearer("ES256", &issuer.token(Algorithm::ES256, "ec", &claims("editors")), Ok(Some(&["author"]))));
    all.push(bearer("RS256", here("tests/fixtures/access/rsa.token").trim(), Ok(Some(&["author"]))));
    let one = but("roles", json!("staff"));
    all.push(bearer("one role as a text", &issuer.token(Algorithm::EdDSA, "ed", &one), Ok(Some(&["operator"]))));
    all
}

fn wrong(office: &Office, issuer: &Issuer) -> Vec<Sent> {
    let key = office.key("An");
    let other = thamquyen::server::access::made().expect("randomness").0;
    let mut all = vec![
        bearer("a key that nobody has", &other, Err("unknown-key")),
        bearer("a key with a letter more", &format!("{key}A"), Err("malformed-token")),
        bearer("a password", "secret", Err("malformed-token")),
        bearer("nothing behind it", "", Err("malformed-token")),
        ("basic".to_owned(), vec!["Basic QW46c2VjcmV0".to_owned()], Err("not-bearer")),
        ("no scheme".to_owned(), vec![key.to_owned()], Err("not-bearer")),
        ("two".to_owned(), vec![format!("Bearer {key}"), format!("Bearer {key}")], Err("several-credentials")),
    ];
    let signed = |claims: &Value| issuer.token(Algorithm::EdDSA, "ed", claims);
    for (about, claims, code) in [
        ("expired", but("exp", json!(now() - 31)), "expired"),
        ("early", but("nbf", json!(now() + 3600)), "not-yet-valid"),
        ("another issuer", but("iss", json!("https://other.example")), "wrong-issuer"),
        ("several issuers", but("iss", json!(["https://login.example.vn", "x"])), "wrong-issuer"),
        ("another audience", but("aud", json!("other")), "wrong-audience"),
        ("no issuer", without("iss"), "missing-claim"),
        ("no audience", without("aud"), "missing-claim"),
        ("no subject", without("sub"), "missing-claim"),
        ("no end", without("exp"), "missing-claim"),
        ("no beginning", without("nbf"), "missing-claim"),
        ("an empty subject", but("sub", json!("")), "missing-claim"),
        ("a subject of two lines", but("sub", json!("a\nb")), "missing-claim"),
        ("an end as text", but("exp", json!("tomorrow")), "missing-claim"),
    ] {
        all.push(bearer(about, &signed(&claims), Err(code)));
    }
    let token = signed(&claims("editors"));
    let forged = format!("{}AAAA{}", &token[..token.len() - 20], &token[token.len() - 16..]);
    let (head, rest) = token.split_once('.').expect("parts");
    let raised = by_hand(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims("chiefs"), &[0; 64]);
    let public = secret(7).public().text();
    let hs256 = encode(
        &Header { kid: Some("ed".to_owned()), ..Header::new(Algorithm::HS256) },
        &claims("chiefs"),
        &EncodingKey::from_secret(public.as_bytes()),
    );
    let stranger = EncodingKey::from_ed_pem(secret(8).pem().expect("a text").as_bytes()).expect("a key");
    let header = Header { kid: Some("ed".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let by_stranger = encode(&header, &claims("chiefs"), &stranger).expect("signed");
    let critical = Header { crit: Some(vec!["x".to_owned()]), ..header };
    let critical = encode(&critical, &claims("chiefs"), &issuer.ed).expect("signed");
    let unnamed = encode(&Header::new(Algorithm::EdDSA), &claims("chiefs"), &issuer.ed).expect("signed");
    for (about, token, code) in [
        ("a changed signature", forged, "wrong-signature"),
        ("other claims", raised, "wrong-signature"),
        ("signed by another", by_stranger, "wrong-signature"),
        ("none", by_hand(&json!({ "alg": "none", "kid": "ed" }), &claims("chiefs"), &[]), "malformed-token"),
        ("the public key as a secret", hs256.expect("signed"), "unknown-signer"),
        ("a key of another algorithm", issuer.token(Algorithm::EdDSA, "ec", &claims("chiefs")), "unknown-signer"),
        ("a key that is not known", issuer.token(Algorithm::EdDSA, "gone", &claims("chiefs")), "unknown-signer"),
        ("no key named", unnamed, "unknown-signer"),
        ("critical", critical, "malformed-token"),
        ("a head alone", format!("{head}."), "malformed-token"),
        ("a part more", format!("{head}.{rest}.x"), "malformed-token"),
        ("far too long", format!("{token}{}", "A".repeat(9000)), "malformed-token"),
    ] {
        all.push(bearer(about, &token, Err(code)));
    }
    all
}

fn path_of(address: &str) -> String {
    address
        .replace("{*number}", "1/2")
        .replace("{id}", "x")
        .replace("{code}", "x")
        .replace("{name}", "x")
        .replace("{version}", "2")
}

async fn sent(state: &State, (address, method): &Way, credentials: &[String]) -> Answered {
    let headers: Vec<(&str, &str)> = credentials.iter().map(|one| ("authorization", one.as_str())).collect();
    ask(state, (method, &path_of(address)), &headers, "").await
}

/// What of the matrix is not as the page says.
async fn unlike(state: &State, mode: Mode, all: &[Sent]) -> Vec<String> {
    let mut unlike = Vec::new();
    for (way, who) in said() {
        for (about, credentials, whose) in all {
            let answer = sent(state, &way, credentials).await;
            let status = answer.status.as_u16();
            let (right, wanted) = match whose {
                Err(code) => (status == 401 && answer.body["code"] == *code, format!("401 {code}")),
                Ok(roles) if mode.lets(&who, *roles) => (![401, 403, 405].contains(&status), "an answer".to_owned()),
                Ok(None) => (status == 401, "401".to_owned()),
                Ok(Some(_)) => (status == 403, "403".to_owned()),
            };
            let challenge = answer.header("www-authenticate");
            let told = match status {
                401 if credentials.is_empty() => challenge == "Bearer realm=\"thamquyen\"",
                401 => challenge.ends_with("error=\"invalid_token\""),
                403 => challenge.ends_with("error=\"insufficient_scope\"") && answer.body["expected"].is_string(),
                _ => challenge.is_empty(),
            };
            if !right || !told {
                unlike
                    .push(format!("{way:?} {about}: {status} and not {wanted}: {challenge} {}", answer.body["detail"]));
            }
        }
    }
    unlike
}

fn prepared() -> (Office, Issuer) {
    let (office, issuer) = (Office::founded(), Issuer::new());
    fs::write(office.path("signers.json"), issuer.set()).expect("written");
    (office, issuer)
}

fn state_of(office: &Office, text: &str) -> State {
    State::with(small(), office.settings(text).expect("a configuration"))
}

#[tokio::test]
async fn every_way_asked_by_everybody_is_answered_as_the_page_says() {
    let (office, issuer) = prepared();
    let (good, wrong) = (good(&office, &issuer), wrong(&office, &issuer));
    let mut asked = 0;
    for mode in MODES {
        let state = state_of(&office, &mode.text(&office));
        // Who is nobody is nobody in each: asked where most is open.
        let all = if mode.reading == "open" { [good.clone(), wrong.clone()].concat() } else { good.clone() };
        let unlike = unlike(&state, mode, &all).await;
        assert!(unlike.is_empty(), "{mode:?}\n{}", unlike.join("\n"));
        asked += said().len() * all.len();
    }
    assert!(asked > 2500, "{asked}");
    println!("asked: {asked}");
}

/// Clocks may differ by as much as the configuration says, and no more.
#[tokio::test]
async fn the_leeway_is_as_it_is_said() {
    let (office, issuer) = prepared();
    let text = MODES[1].text(&office);
    let way = ("/v1/tasks".to_owned(), "GET".to_owned());
    for (leeway, status) in [(60, 200), (0, 401)] {
        let said = text.replace("audience = \"tq\"", &format!("audience = \"tq\"\nleeway = {leeway}"));
        let state = state_of(&office, &said);
        for claims in [but("exp", json!(now() - 5)), but("nbf", json!(now() + 30))] {
            let token = issuer.token(Algorithm::EdDSA, "ed", &claims);
            let answer = sent(&state, &way, &[format!("Bearer {token}")]).await;
            assert_eq!(answer.status.as_u16(), status, "{leeway}: {}", answer.body);
        }
    }
}

/// The matrix sees what it is for: a service that guards nothing, and one that guards otherwise.
#[tokio::test]
async fn a_service_that_guards_otherwise_is_found() {
    let (office, issuer) = prepared();
    let all = [good(&office, &issuer), wrong(&office, &issuer)].concat();
    let unguarded = State::with(small(), Settings::default());
    assert!(unlike(&unguarded, MODES[0], &all).await.len() > 100);
    let open = state_of(&office, &MODES[0].text(&office));
    assert!(unlike(&open, MODES[1], &all).await.iter().any(|one| one.contains("/v1/tasks") && one.contains("nothing")));
    let raised = MODES[0].text(&office).replace("chiefs = \"approver\"", "chiefs = \"operator\"");
    assert!(!unlike(&state_of(&office, &raised), MODES[0], &all).await.is_empty());
}

#[tokio::test]
async fn other_methods_are_refused_and_other_addresses_are_not_there() {
    let (office, _) = prepared();
    let state = state_of(&office, &MODES[0].text(&office));
    let known: BTreeSet<Way> = said().into_iter().map(|(way, _)| way).collect();
    for (address, _) in &known {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            let way = (address.clone(), method.to_owned());
            if known.contains(&way) {
                continue;
            }
            let answer = sent(&state, &way, &[]).await;
            let allow = answer.header("allow").to_owned();
            assert_eq!(answer.status.as_u16(), 405, "{way:?}");
            let of = |(one, method): &Way| (one == address).then(|| method.clone());
            assert!(known.iter().filter_map(of).all(|method| allow.contains(&method)), "{way:?}: {allow}");
        }
        let head = sent(&state, &(address.clone(), "HEAD".to_owned()), &[]).await;
        let get = sent(&state, &(address.clone(), "GET".to_owned()), &[]).await;
        assert_eq!(head.status, get.status, "{address}");
    }
    let nowhere = ("/v1/nothing".to_owned(), "GET".to_owned());
    assert_eq!(sent(&state, &nowhere, &[]).await.status.as_u16(), 404);
    assert_eq!(sent(&state, &nowhere, &["Bearer wrong".to_owned()]).await.status.as_u16(), 401);
}

/// Keys of tokens change without a restart; a broken file changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn keys_of_tokens_are_taken_anew() {
    let (office, issuer) = prepared();
    let state = state_of(&office, &MODES[1].text(&office));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    tokio::spawn(server::serve_until(listener, state.clone(), std::future::pending()));
    let way = ("/v1/tasks".to_owned(), "GET".to_owned());
    let (old, new) = (issuer.token(Algorithm::EdDSA, "ed", &claims("readers")), {
        let pem = secret(9).pem().expect("a text");
        let header = Header { kid: Some("new".to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims("readers"), &EncodingKey::from_ed_pem(pem.as_bytes()).expect("a key")).expect("signed")
    });
    let status = async |token: &str| sent(&state, &way, &[format!("Bearer {token}")]).await.status.as_u16();
    assert_eq!((status(&old).await, status(&new).await), (200, 401));
    fs::write(office.path("signers.json"), "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"ed\",\"k\":\"AAAA\"}]}")
        .expect("written");
    // One look at the least, and two at the most, lie behind a while in which the file was looked at.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!((status(&old).await, status(&new).await), (200, 401), "a broken file changes nothing");
    let x = base64::engine::general_purpose::STANDARD.decode(secret(9).public().text()).expect("base64");
    let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "new", "x": URL_SAFE_NO_PAD.encode(x) }] });
    fs::write(office.path("signers.json"), set.to_string()).expect("written");
    for _ in 0..500 {
        if status(&new).await == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!((status(&old).await, status(&new).await), (401, 200), "a key that is gone recognises nobody");
}

#[test]
fn a_configuration_that_leaves_a_check_out_is_refused_in_both_languages() {
    let (office, _) = prepared();
    let key = |more: &str| format!("[access]\nreading = \"open\"\n[[access.key]]\n{more}");
    let hash = "0".repeat(64);
    let jwt = |from: &str, to: &str| {
        assert!(JWT.contains(from), "{from}");
        format!("[access]\nreading = \"open\"\n{}", JWT.replace(from, to))
    };
    fs::write(office.path("oct.json"), "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}]}").expect("written");
    for (text, about) in [
        ("[access]\n".to_owned(), "reading"),
        ("[access]\nreading = \"off\"\n".to_owned(), "off"),
        ("[access]\nreading = \"open\"\n".to_owned(), "names nobody"),
        ("[access]\nreading = \"open\"\nskip = true\n".to_owned(), "skip"),
        (
            key("name = \"a\"\nroles = [\"admin\"]\nsha256 = \"0\"\n"),
            "invalid value: string \"admin\", expected one of `reader`, `author`, `approver`, `operator`",
        ),
        (key("name = \"a\"\nroles = []\nsha256 = \"0\"\n"), "`roles` names none"),
        (key("name = \"\"\nroles = [\"reader\"]\nsha256 = \"0\"\n"), "`name` takes"),
        (key("name = \"a\"\nroles = [\"reader\"]\nsha256 = \"ABC\"\n"), "is no hash"),
        (
            key(&format!("name = \"a\"\nroles = [\"reader\"]\nsha256 = \"{hash}\"\n")
                .repeat(2)
                .replace("\nname", "\n[[access.key]]\nname")),
            "another entry has this key",
        ),
        (
            key(&format!("name = \"a\"\nroles = [\"reader\"]\nsha256 = \"{hash}\"\n"))
                + &key(&format!("name = \"a\"\nroles = [\"author\"]\nsha256 = \"{hash}\"\n"))
                    .replace("[access]\nreading = \"open\"\n", ""),
            "of this name has other roles",
        ),
        (jwt("keys = \"signers.json\"", "keys = \"nowhere.json\""), "cannot be read"),
        (jwt("keys = \"signers.json\"", "keys = \"oct.json\""), "secret or symmetric"),
        (jwt("issuer = \"https://login.example.vn\"", "issuer = \"\""), "access.jwt.issuer"),
        (jwt("issuer = \"https://login.example.vn\"\n", ""), "issuer"),
        (jwt("audience = \"tq\"\n", ""), "audience"),
        (jwt("audience = \"tq\"", "audience = \"tq\"\nleeway = 61"), "at most 60 seconds"),
        (jwt("audience = \"tq\"", "audience = \"tq\"\nalgorithms = [\"none\"]"), "algorithms"),
        (jwt("audience = \"tq\"", "audience = \"tq\"\nverify = false"), "verify"),
    ] {
        let Err([english, vietnamese]) = office.settings(&text) else { panic!("taken:\n{text}") };
        assert!(english.contains(about), "{english}");
        assert!(!vietnamese.is_empty());
    }
    assert!(office.settings(&jwt("audience = \"tq\"", "audience = \"tq\"\nleeway = 60")).is_ok(), "the control");
}

/// The key that the command prints is the one that its lines recognise.
#[tokio::test]
async fn a_key_is_made_printed_once_and_recognised() {
    let office = Office::founded();
    let output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(["key", "token", "--name", "Lê \"An\"", "--role", "author", "--role", "operator"])
        .current_dir(office.home.path())
        .output()
        .expect("tq runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    let (key, lines) = printed.split_once('\n').expect("lines");
    assert_eq!(fs::read_dir(office.home.path()).expect("a folder").count(), 0, "it is kept nowhere");
    assert!(!lines.contains(key), "{printed}");
    let state = state_of(&office, &format!("[access]\nreading = \"keys\"\n{lines}"));
    let way = ("/metrics".to_owned(), "GET".to_owned());
    assert_eq!(sent(&state, &way, &[format!("Bearer {key}")]).await.status.as_u16(), 200);
    assert_eq!(sent(&state, &way, &[]).await.status.as_u16(), 401);
    let refused =
        Command::new(env!("CARGO_BIN_EXE_tq")).args(["key", "token", "--name", "x", "--role", "king"]).output();
    assert_eq!(refused.expect("tq runs").status.code(), Some(2));
}

/// Everything that the program says while secrets go through it.
#[test]
fn no_secret_is_ever_in_the_log() {
    let (office, issuer) = prepared();
    let text = format!("listen = \"127.0.0.1:0\"\n{}", MODES[1].text(&office));
    let file = office.configure(&text);
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let mut service = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(["serve", "--lang", "en", "--config"])
        .arg(file)
        .arg("--rules")
        .arg(rules)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("tq runs");
    let mut lines = BufReader::new(service.stderr.take().expect("a stream"));
    let mut first = String::new();
    lines.read_line(&mut first).expect("a line");
    let address = first.split("http://").nth(1).expect("an address").split(' ').next().expect("an address").to_owned();
    let all = [good(&office, &issuer), wrong(&office, &issuer)].concat();
    let mut answers = String::new();
    for (_, credentials, _) in &all {
        for path in ["/v1/tasks", "/metrics", "/nothing", "/v1/who-decides?task=x&access_token=tq_in-the-address"] {
            let heads: String = credentials.iter().map(|one| format!("authorization: {one}\r\n")).collect();
            let mut stream = TcpStream::connect(&address).expect("connected");
            let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{heads}\r\n");
            stream.write_all(request.as_bytes()).expect("sent");
            stream.read_to_string(&mut answers).expect("an answer");
        }
    }
    fs::write(
        office.path("signers.json"),
        "{\"keys\": [{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"c2VjcmV0LWluLWEtZmlsZQ\"}]}",
    )
    .expect("written");
    let mut told = String::new();
    lines.read_line(&mut told).expect("a line");
    assert!(told.contains("secret or symmetric"), "{told}");
    service.kill().expect("stopped");
    service.wait().expect("ended");
    let mut log = first + &told;
    lines.read_to_string(&mut log).expect("text");
    let mut secrets: Vec<&str> =
        all.iter().flat_map(|(_, sent, _)| sent).filter_map(|one| one.split(' ').nth(1)).collect();
    secrets.extend(["c2VjcmV0LWluLWEtZmlsZQ", "tq_in-the-address"]);
    secrets.retain(|secret| secret.len() > 6);
    assert!(secrets.len() > 40);
    for secret in &secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
        assert!(!answers.contains(secret) || *secret == "tq_in-the-address", "{secret} is in an answer");
    }
    // The control: what is looked for would be found.
    let shown = format!("{log}{}", secrets[0]);
    assert!(secrets.iter().any(|secret| shown.contains(secret)));
}
