//! The one table of who may ask what: every address, every method. What is not in it is not answered where access is guarded
//! (`tests/access.rs` holds it to the routes and asks all of it).

use axum::http::Method;

use super::Role;

/// What somebody must be to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Need {
    /// Nothing.
    Anyone,
    /// Any role; nothing where reading is open.
    Reading,
    /// What the service counts; nothing where a configuration says so.
    Metrics,
    Proposing,
    /// What is proposed.
    Seeing,
    /// Takes back what is proposed; an author only their own.
    Withdrawing,
    Approving,
}

impl Need {
    /// Any of these will do.
    pub(in crate::server) const fn roles(self) -> &'static [Role] {
        match self {
            Self::Anyone | Self::Reading => &Role::ALL,
            Self::Metrics => &[Role::Operator],
            Self::Proposing => &[Role::Author],
            Self::Seeing | Self::Withdrawing => &[Role::Author, Role::Approver],
            Self::Approving => &[Role::Approver],
        }
    }

    /// The roles in one line.
    pub(super) fn listed(self) -> String {
        self.roles().iter().map(|role| role.id()).collect::<Vec<_>>().join(", ")
    }
}

/// What an address needs, by method.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Needs(&'static [(Method, Need)]);

impl Needs {
    /// Of a method; none where the address does not take it.
    pub(in crate::server) fn of(self, method: &Method) -> Option<Need> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.0.iter().find(|(one, _)| one == method).map(|(_, need)| *need)
    }

    /// What the address takes, as the header `Allow` says it.
    pub(in crate::server) fn methods(self) -> String {
        let mut all: Vec<&str> = self.0.iter().map(|(method, _)| method.as_str()).collect();
        if all.contains(&"GET") {
            all.push("HEAD");
        }
        all.join(",")
    }
}

const OPEN: &[(Method, Need)] = &[(Method::GET, Need::Anyone)];
const READ: &[(Method, Need)] = &[(Method::GET, Need::Reading)];
const ASKED: &[(Method, Need)] = &[(Method::POST, Need::Reading)];

/// Addresses as they are routed.
const TABLE: &[(&str, &[(Method, Need)])] = &[
    ("/", READ),
    ("/style.css", OPEN),
    ("/v1/who-decides", &[(Method::GET, Need::Reading), (Method::POST, Need::Reading)]),
    ("/v1/who-decides/batch", ASKED),
    ("/v1/tasks", READ),
    ("/v1/tasks/{id}", READ),
    ("/v1/tasks/{id}/table", READ),
    ("/v1/tasks/{id}/timeline", READ),
    ("/v1/units", READ),
    ("/v1/units/{code}", READ),
    ("/v1/documents/{*number}", READ),
    ("/v1/bodies/{id}/portfolio", READ),
    ("/v1/check", &[(Method::GET, Need::Reading), (Method::POST, Need::Reading)]),
    ("/v1/format", ASKED),
    ("/v1/diff", &[(Method::GET, Need::Reading), (Method::POST, Need::Reading)]),
    ("/v1/audit", ASKED),
    ("/v1/versions", READ),
    ("/v1/rules", READ),
    ("/access/v1/evaluation", ASKED),
    ("/access/v1/evaluations", ASKED),
    ("/access/v1/search/subject", ASKED),
    ("/.well-known/authzen-configuration", OPEN),
    ("/reference", OPEN),
    ("/v1/events", READ),
    ("/v1/proposals", &[(Method::GET, Need::Seeing), (Method::POST, Need::Proposing)]),
    ("/v1/proposals/{name}", &[(Method::GET, Need::Seeing), (Method::DELETE, Need::Withdrawing)]),
    ("/v1/proposals/{name}/approval", &[(Method::POST, Need::Approving)]),
    ("/v1/versions/{version}/rollback", &[(Method::POST, Need::Proposing)]),
    ("/openapi.json", OPEN),
    ("/metrics", &[(Method::GET, Need::Metrics)]),
    ("/healthz/live", OPEN),
    ("/healthz/ready", OPEN),
];

/// What an address needs; nothing is taken at one that the table does not have.
pub(in crate::server) fn needs(address: &str) -> Needs {
    Needs(TABLE.iter().find(|(one, _)| *one == address).map_or(&[], |(_, needs)| needs))
}
