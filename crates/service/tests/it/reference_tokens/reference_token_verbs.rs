//! People and administrators with reference tokens.

use turnkeep_domain::app::BasicAuthentication;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::reference_token::{ReferenceTokenKind, ReferenceTokenLifetime, ReferenceTokenPolicy};
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{User, UserKind, UserName};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::reference_tokens::check_reference_token::check_reference_token;
use turnkeep_service::reference_tokens::make_reference_token::{
    MadeReferenceToken, MakeReferenceTokenCommand, make_reference_token,
};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};
use turnkeep_testkit::fixtures::{name, scopes};

use crate::world::{TestApp, World};

pub(super) const PASSWORD: &str = "violet tractor sings";

/// A command for a token of an app with the scope `read`.
pub(super) fn wanted(app: &TestApp, kind: ReferenceTokenKind) -> MakeReferenceTokenCommand {
    MakeReferenceTokenCommand {
        app_id: app.id,
        kind,
        name: name("laptop"),
        scopes: scopes("read"),
        audience: None,
        lifetime: ReferenceTokenLifetime::default(),
    }
}

impl World {
    /// An app that internal people sign in to, who may have reference tokens, with their passwords, too.
    pub(super) fn open_app(&self) -> TestApp {
        let app = self.app_with_scopes(&self.tenant("Acme"), "Acme", "read update");
        self.set_policy(&app, ReferenceTokenPolicy::AuthenticatedUsers);
        self.update(&app, &AppChanges { sign_in: Some(SignIn::Internal), ..AppChanges::default() });
        let basic = Some(BasicAuthentication::Allowed);
        self.update(&app, &AppChanges { basic_authentication: basic, ..AppChanges::default() });
        app
    }

    pub(super) fn set_policy(&self, app: &TestApp, policy: ReferenceTokenPolicy) {
        self.update(app, &AppChanges { reference_tokens: Some(policy), ..AppChanges::default() });
    }

    /// A person with [`PASSWORD`].
    pub(super) fn ann(&self) -> User {
        self.advance(1);
        let user = self.user(UserKind::Internal, "ann");
        let password = PlaintextSecret::new(PASSWORD.to_owned());
        set_password_of(&self.operator(), &UserName::parse("ann").unwrap(), &password).unwrap();
        user
    }

    /// A call of somebody who is signed in, and nothing more.
    pub(super) fn signed_in(&self, user: &User) -> RegistryContext<'_> {
        RegistryContext { caller: Caller::new(Actor::User(user.id), Reach::Nowhere), ..self.operator() }
    }

    /// A personal token of `read`.
    pub(super) fn pat(&self, user: &User, app: &TestApp) -> RegistryResult<MadeReferenceToken> {
        make_reference_token(&self.signed_in(user), &wanted(app, ReferenceTokenKind::Personal))
    }

    /// A service token of `read`, made by the operator.
    pub(super) fn sat(&self, app: &TestApp) -> RegistryResult<MadeReferenceToken> {
        make_reference_token(&self.operator(), &wanted(app, ReferenceTokenKind::Service))
    }

    /// Whether a token may be used at this moment, and as whom.
    pub(super) fn counts(&self, made: &MadeReferenceToken) -> Option<String> {
        let found =
            check_reference_token(&self.authority, &self.slug, made.plaintext.expose(), None).unwrap();
        found.map(|checked| checked.subject())
    }

    /// The codes of refusals of an action, the newest first, as the trail has them.
    pub(super) fn refusals(&self, action: &str) -> Vec<String> {
        self.authority.keep_books().unwrap();
        let events = self.events(action).into_iter();
        events.filter_map(|entry| entry.refusal).collect()
    }
}
