//! The words that enums are stored as. The migrations list the same ones in their checks.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::app::{AppOrigin, AppState, BasicAuthentication};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::plan::{PlanPrice, PlanState};
use turnkeep_domain::reference_token::{ReferenceTokenKind, ReferenceTokenPolicy};
use turnkeep_domain::region::Availability;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::token_requests::QuotaMode;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_storage::guess_count::GuessedCredential;

/// An enum with a stored word for each of its values.
pub(crate) trait Word: Sized {
    /// The stored form.
    fn word(self) -> &'static str;
    /// The value of a stored form.
    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($($name:ty { $($variant:ident = $word:literal,)+ })+) => {$(
        impl Word for $name {
            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    )+};
}

words! {
    Accent {
        Blue = "blue",
        Teal = "teal",
        Green = "green",
        Violet = "violet",
        Rose = "rose",
        Amber = "amber",
        Slate = "slate",
    }
    GuessedCredential { Password = "password", SecondFactor = "second-factor", }
    InstanceState { Active = "active", Disabled = "disabled", }
    TenantState {
        PendingActivation = "pending-activation",
        Active = "active",
        Suspended = "suspended",
        Closed = "closed",
    }
    Availability { Active = "active", Inactive = "inactive", }
    PlanState { Draft = "draft", Active = "active", Archived = "archived", Retired = "retired", }
    PlanPrice { Free = "free", Paid = "paid", }
    UserKind { Internal = "internal", Community = "community", System = "system", }
    UserState { Active = "active", Disabled = "disabled", }
    LimitsClaims { Limits = "limits", Entitlements = "entitlements", Both = "both", }
    ScopeGrant { Default = "default", AnyApp = "any-app", Reserved = "reserved", }
    ClientType { Confidential = "confidential", Public = "public", }
    AppOrigin { External = "external", Platform = "platform", }
    AppState { Enabled = "enabled", Disabled = "disabled", }
    ReferenceTokenPolicy {
        None = "none",
        AuthenticatedUsers = "authenticated-users",
        AdministratorsOnly = "administrators-only",
    }
    ReferenceTokenKind { Personal = "personal", Service = "service", }
    PkceRequirement { Required = "required", Optional = "optional", }
    QuotaMode { Enforced = "enforced", DryRun = "dry-run", }
    BasicAuthentication { Off = "off", Allowed = "allowed", }
}
