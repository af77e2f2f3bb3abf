//! The ways to take access away, and to give it back.

use serde_json::{Value, json};

use super::app::{App, Secret, Token};
use super::journal::Scope;

/// One of the ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Disable,
    Regenerate,
    Suspend,
    Retire,
    Hold,
    RevokeSecret,
    RevokeToken,
    /// Takes nothing away. A test that does not notice is no test.
    Pretend,
}

/// A call of the management API.
pub(super) type Call = (&'static str, String, Option<Value>);

impl Kind {
    /// All that take something away.
    pub(super) const ALL: [Self; 7] = [
        Self::Disable,
        Self::Regenerate,
        Self::Suspend,
        Self::Retire,
        Self::Hold,
        Self::RevokeSecret,
        Self::RevokeToken,
    ];

    /// They take turns.
    pub(super) fn of_round(round: u32) -> Self {
        let [disable, regenerate, suspend, retire, hold, secret, token] = Self::ALL;
        match round % 7 {
            0 => disable,
            1 => regenerate,
            2 => suspend,
            3 => retire,
            4 => hold,
            5 => secret,
            _ => token,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Regenerate => "regenerate",
            Self::Suspend => "suspend",
            Self::Retire => "retire",
            Self::Hold => "hold",
            Self::RevokeSecret => "revoke secret",
            Self::RevokeToken => "revoke token",
            Self::Pretend => "pretend",
        }
    }

    /// What it kills, given the secret in use and the token to be revoked.
    pub(super) fn scope(self, secret: &Secret, token: &Token) -> Scope {
        match self {
            Self::Disable | Self::Suspend | Self::Retire | Self::Hold | Self::Pretend => Scope::All,
            Self::Regenerate | Self::RevokeSecret => Scope::Secret(secret.number),
            Self::RevokeToken => Scope::Token(token.trace.number),
        }
    }

    /// The call that takes access away. None for a token: that is not a call of the management API.
    pub(super) fn call(self, app: &App, secret: &Secret) -> Option<Call> {
        let (id, tenant) = (&app.id, &app.tenant);
        Some(match self {
            Self::Disable => ("POST", format!("/apps/{id}/disable"), None),
            Self::Regenerate => ("POST", format!("/apps/{id}/secrets/regenerate"), None),
            Self::Suspend => ("POST", format!("/tenants/{tenant}/suspend"), None),
            Self::Retire => ("POST", format!("/plans/{}/retire", app.plan()), None),
            Self::Hold => ("POST", format!("/apps/{id}/plan/hold"), None),
            Self::RevokeSecret => ("DELETE", format!("/apps/{id}/secrets/{}", secret.id), None),
            Self::Pretend => ("PATCH", format!("/apps/{id}"), Some(json!({"name": "Pretended"}))),
            Self::RevokeToken => return None,
        })
    }

    /// The call that gives back what was taken, where a single one does.
    pub(super) fn undo(self, app: &App) -> Option<Call> {
        let (id, tenant) = (&app.id, &app.tenant);
        Some(match self {
            Self::Disable => ("POST", format!("/apps/{id}/enable"), None),
            Self::Suspend => ("POST", format!("/tenants/{tenant}/activate"), None),
            Self::Hold => ("POST", format!("/apps/{id}/plan/release"), None),
            Self::Pretend => ("PATCH", format!("/apps/{id}"), Some(json!({"name": "Real"}))),
            // A retired plan is retired for good: the app gets another one.
            Self::Retire | Self::Regenerate | Self::RevokeSecret | Self::RevokeToken => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_its_turn() {
        let turns: Vec<Kind> = (0..7).map(Kind::of_round).collect();
        assert_eq!(turns, Kind::ALL);
    }
}
