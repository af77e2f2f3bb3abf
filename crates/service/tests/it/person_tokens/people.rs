//! People who have signed in, and what apps do with that.

use std::sync::atomic::{AtomicU32, Ordering};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use turnkeep_domain::app::AppSettings;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::GrantId;
use turnkeep_domain::person_grant::{AuthorizationCode, Offline, PersonGrant};
use turnkeep_domain::pkce::CodeChallenge;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::session::Session;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind};
use turnkeep_secret::generated::{SecretKind, generate};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::person_tokens::redeem_code::{RedeemCodeCommand, redeem_code};
use turnkeep_service::person_tokens::refresh_tokens::{RefreshTokensCommand, refresh_tokens};
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::AdmitAll;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_storage::outcome::Inserted;
use turnkeep_testkit::fixtures::{self, scopes};

use crate::world::registry_verbs::{API, settings};
use crate::world::token_verbs::presented;
use crate::world::{TestApp, World, denial, memory};

/// Where the apps of these tests take their codes.
pub(super) const REDIRECT_URI: &str = "https://app.example.com/callback";

/// What answers the challenge of every code that has one.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Makes ids and handles of different tests different.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user: User,
    pub(super) session: Session,
}

pub(super) type Issued = Result<GrantedTokens, Failure<IssueTokenDenial>>;

/// A furnished world in which people sign in: with a key for ID tokens.
pub(super) fn world() -> World {
    let world = World::bare_on(memory());
    rotate_due_keys(&world.authority).unwrap();
    world.furnish();
    world
}

impl World {
    /// An app for internal users, registered for `read` and `update`.
    pub(super) fn sign_in_app(&self, text: &str, client_type: ClientType) -> TestApp {
        let tenant = self.tenant(text);
        let settings = AppSettings {
            sign_in: SignIn::Internal,
            service_access: ServiceAccess::Disabled,
            login_redirect_uris: RedirectUris::parse_list([REDIRECT_URI]).unwrap(),
            ..settings(text)
        };
        let scopes = Some(scopes("read update"));
        self.create(&CreateAppCommand { client_type, settings, scopes, ..self.command(&tenant, text) })
    }

    /// An internal user with a session.
    pub(super) fn somebody(&self, text: &str) -> Person {
        let user = self.user(UserKind::Internal, text);
        let session = self.session_of(&user);
        Person { user, session }
    }

    /// Another session of a user.
    pub(super) fn session_of(&self, user: &User) -> Session {
        let now = self.authority.now();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut session = fixtures::session(user, number);
        session.sequence = self.change_sequence();
        session.created_at = now;
        session.last_seen_at = now;
        session.expires_at = now.plus(std::time::Duration::from_secs(12 * 3_600));
        let handle = fixed_hash(number, b"session");
        let inserted = self.store.admit(|admits| admits.insert_session(&session, &handle)).unwrap();
        assert_eq!(inserted, Inserted::Inserted);
        session
    }

    pub(super) fn change_sequence(&self) -> ChangeSequence {
        self.store.read(|reads| reads.change_sequence()).unwrap()
    }

    /// A code for `openid profile`, with a challenge.
    pub(super) fn code(&self, app: &TestApp, person: &Person) -> String {
        self.code_with(app, person, |_, _| {})
    }

    /// A code for these scopes, for the resource of a furnished world if one of its is among them.
    pub(super) fn code_for(&self, app: &TestApp, person: &Person, wanted: &str) -> String {
        self.code_with(app, person, |grant, _| {
            grant.scopes = scopes(wanted);
            let has = |name: &str| wanted.split(' ').any(|scope| scope == name);
            if has("read") || has("update") {
                grant.audience = Audience::parse(API).unwrap();
            }
            if has("offline_access") {
                grant.offline = Offline::Yes;
                grant.expires_at = grant.created_at.plus(std::time::Duration::from_secs(90 * 86_400));
            }
        })
    }

    /// A code, as the authorization endpoint would have made it, but for these changes.
    pub(super) fn code_with(
        &self,
        app: &TestApp,
        person: &Person,
        change: impl FnOnce(&mut PersonGrant, &mut AuthorizationCode),
    ) -> String {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let now = self.authority.now();
        let record = self.record(app.id).unwrap();
        let mut grant = fixtures::person_grant(&record, &person.session, number);
        grant.audience = Audience::parse(&self.authority.base_url().issuer_of(&self.slug)).unwrap();
        grant.sequence = self.change_sequence();
        grant.created_at = now;
        grant.expires_at = person.session.expires_at;
        let mut code = fixtures::authorization_code(&grant);
        code.redirect_uri = REDIRECT_URI.to_owned();
        code.challenge = Some(challenge(VERIFIER));
        code.expires_at = now.plus(AuthorizationCode::LIFETIME);
        change(&mut grant, &mut code);
        let handle = generate(SecretKind::AuthorizationCode, fixed_hash(number, b"code"));
        let hash = Sha256::digest(handle.expose().as_bytes()).into();
        let inserted = self.store.admit(|admits| admits.insert_grant(&grant, &code, &hash)).unwrap();
        assert_eq!(inserted, Inserted::Inserted);
        handle.expose().to_owned()
    }

    pub(super) fn redeem_command(&self, app: &TestApp, code: &str) -> RedeemCodeCommand {
        RedeemCodeCommand {
            issuer: self.slug.clone(),
            client: presented(app),
            code: PlaintextSecret::presented(code.to_owned()).ok(),
            redirect_uri: Some(REDIRECT_URI.to_owned()),
            verifier: Some(PlaintextSecret::new(VERIFIER.to_owned())),
            audience: None,
            request_id: None,
            admission: AdmitAll::shared(),
        }
    }

    pub(super) fn redeem(&self, app: &TestApp, code: &str) -> Issued {
        self.redeem_as(&self.redeem_command(app, code))
    }

    pub(super) fn redeem_as(&self, command: &RedeemCodeCommand) -> Issued {
        redeem_code(&self.authority, command, LookUp::Anywhere)
    }

    pub(super) fn refresh_command(&self, app: &TestApp, token: &str) -> RefreshTokensCommand {
        RefreshTokensCommand {
            issuer: self.slug.clone(),
            client: presented(app),
            refresh_token: PlaintextSecret::presented(token.to_owned()).ok(),
            scopes: None,
            audience: None,
            request_id: None,
            admission: AdmitAll::shared(),
        }
    }

    pub(super) fn refresh(&self, app: &TestApp, token: &str) -> Issued {
        refresh_tokens(&self.authority, &self.refresh_command(app, token), LookUp::Anywhere)
    }

    /// The same for fewer scopes, or more.
    pub(super) fn refresh_for(&self, app: &TestApp, token: &str, wanted: &str) -> Issued {
        let scopes = Some(ScopeSet::parse(wanted).unwrap());
        let command = RefreshTokensCommand { scopes, ..self.refresh_command(app, token) };
        refresh_tokens(&self.authority, &command, LookUp::Anywhere)
    }

    /// What came of a grant of `openid profile`.
    #[track_caller]
    pub(super) fn granted_to(&self, app: &TestApp, person: &Person) -> GrantedTokens {
        self.redeem(app, &self.code(app, person)).unwrap()
    }

    /// The stored grant of a token.
    pub(super) fn grant_of(&self, issued: &GrantedTokens) -> PersonGrant {
        let claims = crate::world::token_verbs::payload(issued.access_token.expose());
        let id: GrantId = claims["grant_id"].as_str().unwrap().parse().unwrap();
        self.store.read(|reads| reads.find_grant(self.instance_id, id)).unwrap().unwrap()
    }

    /// Ends a session, as signing out does to what is stored of it.
    pub(super) fn end_session(&self, session: &Session) {
        let now: Timestamp = self.authority.now();
        let ended = self.store.mutate(|writes| {
            writes.end_session(self.instance_id, session.user_id, session.id, now).map(drop)
        });
        ended.unwrap();
    }
}

pub(super) fn challenge(verifier: &str) -> CodeChallenge {
    CodeChallenge::parse(&BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()))).unwrap()
}

/// The refresh token that was issued.
#[track_caller]
pub(super) fn refresh_token(issued: &GrantedTokens) -> String {
    issued.refresh_token.as_ref().unwrap().expose().to_owned()
}

/// Why a code or refresh token got nothing.
#[track_caller]
pub(super) fn grant_denial(issued: Issued) -> GrantDenial {
    match denial(issued) {
        IssueTokenDenial::Grant(denial) => denial,
        other => panic!("{other:?}"),
    }
}

fn fixed_hash(number: u32, of: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(of).chain_update(number.to_be_bytes()).finalize().into()
}
