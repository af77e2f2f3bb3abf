//! A person who is signed in, an app that asks, and the answer.

use std::net::{IpAddr, Ipv4Addr};

use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::authorization_request::{AuthorizationRequest, Prompts, Stated};
use turnkeep_domain::pkce::CodeChallenge;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{User, UserKind};
use turnkeep_policy::authorization_facts::{ConsentAnswer, GivenConsent};
use turnkeep_service::authorization::authorize::{
    AuthorizeCommand, AuthorizeDenial, Authorized, NextStep, authorize,
};
use turnkeep_service::authorization::consent_question::ConsentReply;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::sign_in::session::{BeginSession, begin_session};
use turnkeep_testkit::fixtures::scopes;

use crate::world::registry_verbs::settings;
use crate::world::{TestApp, World};

/// Where the app is.
pub(crate) const REDIRECT: &str = "https://app.example.com/cb";

/// A person in a browser, and an app that asks for `openid read`.
pub(crate) struct Sample {
    pub(crate) world: World,
    pub(crate) app: TestApp,
    pub(crate) user: User,
    pub(crate) handle: String,
    pub(crate) scopes: &'static str,
}

impl Sample {
    /// Ada has just signed in, and allowed the app nothing yet.
    pub(crate) fn new() -> Self {
        let world = World::new();
        let tenant = world.tenant("Invoices");
        let mut command = CreateAppCommand {
            scopes: Some(scopes("read update")),
            settings: settings("Portal"),
            ..world.command(&tenant, "Portal")
        };
        command.settings.sign_in = SignIn::Internal;
        command.settings.login_redirect_uris = RedirectUris::parse_list([REDIRECT]).unwrap();
        let app = world.create(&command);
        let user = world.user(UserKind::Internal, "ada");
        let handle = sign_in(&world, &user);
        Self { world, app, user, handle, scopes: "openid read" }
    }

    /// The same app and person, asking for something else.
    pub(crate) fn asking_for(self, scopes: &'static str) -> Self {
        Self { scopes, ..self }
    }

    /// What the app asks.
    pub(crate) fn command(&self) -> AuthorizeCommand {
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        AuthorizeCommand {
            issuer: self.world.slug.clone(),
            client_id: Stated::Once(self.app.client_id.clone()),
            redirect_uri: Stated::Once(REDIRECT.to_owned()),
            request: Ok(AuthorizationRequest {
                challenge: Some(challenge),
                scopes: Some(scopes(self.scopes)),
                audience: None,
                nonce: Some("n-1".to_owned()),
                prompts: Prompts::default(),
                max_age: None,
                assurance: None,
                id_token_hint: None,
            }),
            session_handle: Some(self.handle.clone()),
            began_at: None,
            reply: None,
            request_id: None,
        }
    }

    /// What becomes of it.
    pub(crate) fn ask(&self) -> Result<NextStep, Failure<AuthorizeDenial>> {
        authorize(&self.world.authority, &self.command()).map(|Authorized { next, .. }| next)
    }

    /// What becomes of it when the person says yes.
    pub(crate) fn allow(&self) -> NextStep {
        let given = GivenConsent { user_id: self.user.id, scopes: scopes(self.scopes) };
        let question = self.world.authority.new_form_cookie();
        let reply = Some(ConsentReply::new(&question, ConsentAnswer::Given(given)));
        let command = AuthorizeCommand { reply, ..self.command() };
        authorize(&self.world.authority, &command).unwrap().next
    }

    /// The code that it becomes when the person says yes.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        code(self.allow())
    }
}

/// A code.
#[track_caller]
pub(crate) fn code(next: NextStep) -> String {
    match next {
        NextStep::Answer(code) => code.expose().to_owned(),
        next => panic!("no code: {next:?}"),
    }
}

/// Signs somebody in; the handle.
pub(crate) fn sign_in(world: &World, user: &User) -> String {
    let command = BeginSession {
        issuer: world.slug.clone(),
        user_id: user.id,
        authentication: Authentication::by(AuthenticationMethod::Password, world.authority.now()),
        replaces: None,
        user_agent: String::new(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        request_id: None,
    };
    begin_session(&world.authority, &command).unwrap().handle.expose().to_owned()
}
