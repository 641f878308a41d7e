//! The section `[access]` of a configuration, as it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

use super::Role;

/// Who may ask what, and by what they are recognised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    /// Whether those who read have to be known. It is always said.
    pub(super) reading: Reading,
    #[serde(default)]
    pub(super) metrics: Metrics,
    #[serde(default, rename = "key")]
    pub(super) keys: Vec<KeySection>,
    pub(super) jwt: Option<JwtSection>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reading {
    /// By anybody.
    Open,
    /// By whoever has a key or a token.
    Keys,
}

/// Who sees what the service counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Metrics {
    #[default]
    Operator,
    /// Anybody: where the network keeps others away.
    Open,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct KeySection {
    pub(super) name: String,
    pub(super) roles: Vec<Written>,
    /// Of the whole key.
    pub(super) sha256: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct JwtSection {
    pub(super) issuer: String,
    pub(super) audience: String,
    /// A file of public keys (a JWK set).
    pub(super) keys: PathBuf,
    /// The claim that says the roles, as a text or several.
    pub(super) role_claim: String,
    /// What that claim may say, and the role that it is here. Whatever else it says is no role.
    pub(super) roles: BTreeMap<String, Written>,
    /// Seconds by which clocks may differ.
    #[serde(default = "usual_leeway")]
    pub(super) leeway: u64,
}

const fn usual_leeway() -> u64 {
    30
}

/// A role as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written(pub(super) Role);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let ids = || format!("one of {}", Role::ALL.map(|role| format!("`{}`", role.id())).join(", "));
        Role::of(&text).map(Self).ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &ids().as_str()))
    }
}
