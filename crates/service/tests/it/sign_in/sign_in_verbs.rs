//! People with browsers.

use std::sync::{Arc, Mutex};

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::{User, UserKind, UserName};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::failure::Failure;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::registry::manage_user::{CreateUserCommand, create_user};
use turnkeep_service::sign_in::browser::Browser;
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::sign_in::mail::SendMail;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::second_factors::{begin_totp_setup, confirm_totp};
use turnkeep_service::sign_in::session::{NewSession, SignedIn, find_signed_in};
use turnkeep_service::sign_in::sign_in_with_password::{
    PasswordOutcome, PasswordSignIn, sign_in_with_password,
};
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_testkit::fixtures::name;
use turnkeep_testkit::seeded_random::SeededRandom;

use crate::world::{BASE_URL, TestClock, World, cheap_settings, master_keys};

/// A password that nobody would guess.
pub(super) const PASSWORD: &str = "violet tractor sings";

pub(super) fn secret(text: &str) -> PlaintextSecret {
    PlaintextSecret::new(text.to_owned())
}

/// A browser that nobody has signed in with.
pub(super) fn browser(address: &str) -> Browser {
    Browser {
        address: address.parse().unwrap(),
        user_agent: "Test/1.0".to_owned(),
        device: None,
        present_session: None,
    }
}

/// The browser after a sign-in.
pub(super) fn browser_with(session: &NewSession) -> Browser {
    Browser {
        device: Some(session.device.expose().to_owned()),
        present_session: Some(session.handle.expose().to_owned()),
        ..browser("192.0.2.1")
    }
}

/// A mail that was sent.
#[derive(Debug, Clone)]
pub(crate) struct SentMail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Keeps what was sent.
#[derive(Default)]
pub(crate) struct Outbox(Mutex<Vec<SentMail>>);

impl Outbox {
    pub(crate) fn mails(&self) -> Vec<SentMail> {
        self.0.lock().unwrap().clone()
    }
}

impl SendMail for Outbox {
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret) {
        let (to, subject, text) = (to.to_string(), subject.to_owned(), text.expose().to_owned());
        self.0.lock().unwrap().push(SentMail { to, subject, text });
    }
}

impl World {
    /// The same server with an outbox.
    pub(crate) fn with_outbox(&self) -> (Self, Arc<Outbox>) {
        let outbox = Arc::new(Outbox::default());
        let authority = Authority::new(AuthorityParts {
            store: Arc::clone(&self.store),
            clock: Arc::<TestClock>::clone(&self.clock),
            random: Arc::new(SeededRandom::new(77)),
            master_keys: Arc::new(master_keys(&[1])),
            base_url: BaseUrl::parse(BASE_URL).unwrap(),
            storage_probe: Arc::new(NoStorageProbe),
            mail: Arc::<Outbox>::clone(&outbox),
            logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
            settings: cheap_settings(),
        });
        (Self { authority: Arc::new(authority), ..self.clone() }, outbox)
    }

    /// The same server with other settings.
    pub(super) fn with_settings(&self, settings: AuthoritySettings) -> Self {
        self.restarted(&[1], settings, 78)
    }

    /// Somebody with [`PASSWORD`].
    pub(super) fn human(&self, text: &str) -> User {
        let user = self.human_without_password(UserKind::Internal, text, None);
        self.set_password(text, PASSWORD);
        user
    }

    pub(crate) fn human_without_password(&self, kind: UserKind, text: &str, email: Option<&str>) -> User {
        self.advance(1);
        let command = CreateUserCommand {
            kind,
            name: UserName::parse(text).unwrap(),
            display_name: name(text),
            email: email.map(|email| EmailAddress::parse(email).unwrap()),
        };
        create_user(&self.operator(), &command).unwrap()
    }

    /// A user as an earlier version may have left it, whatever it goes by.
    pub(crate) fn user_of_old(&self, text: &str, email: Option<&str>) -> User {
        let unlike =
            self.human_without_password(UserKind::Internal, &format!("unlike-{}", text.len()), email);
        let bare = User { email: None, ..unlike.clone() };
        let name = UserName::parse(text).unwrap();
        let user = User { id: UserId::from_bytes([7; 16]), name, ..unlike.clone() };
        let left = self.store.mutate(|writes| {
            assert_eq!(writes.update_user(&bare, unlike.version)?, Updated::Updated);
            writes.insert_user(&user)
        });
        assert_eq!(left.unwrap(), Inserted::Inserted);
        user
    }

    pub(super) fn set_password(&self, user_name: &str, password: &str) {
        let user_name = UserName::parse(user_name).unwrap();
        set_password_of(&self.operator(), &user_name, &secret(password)).unwrap();
    }

    pub(super) fn try_password(
        &self,
        user_name: &str,
        password: &str,
        browser: &Browser,
    ) -> Result<PasswordOutcome, Failure<SignInRefusal>> {
        let command = PasswordSignIn {
            issuer: self.slug.clone(),
            user_name: user_name.to_owned(),
            password: secret(password),
            browser: browser.clone(),
            request_id: None,
        };
        sign_in_with_password(&self.authority, &command)
    }

    /// Signs in with [`PASSWORD`] in a browser.
    #[track_caller]
    pub(super) fn came_in_with(&self, user_name: &str, browser: &Browser) -> NewSession {
        match self.try_password(user_name, PASSWORD, browser).unwrap() {
            PasswordOutcome::SignedIn(session) => session,
            PasswordOutcome::SecondFactorNeeded(_) => panic!("a second factor is needed"),
        }
    }

    /// Signs in with [`PASSWORD`] in a new browser.
    #[track_caller]
    pub(super) fn came_in(&self, user_name: &str) -> NewSession {
        self.came_in_with(user_name, &browser("192.0.2.1"))
    }

    /// Whom a handle stands for.
    pub(super) fn behind(&self, session: &NewSession) -> Option<SignedIn> {
        find_signed_in(&self.authority, &self.slug, session.handle.expose()).unwrap()
    }

    /// Sets up an authenticator app; its secret in base32, and the recovery codes.
    pub(super) fn set_up_totp(&self, signed_in: &SignedIn) -> (String, Vec<PlaintextSecret>) {
        let setup = begin_totp_setup(&self.authority, &self.slug, signed_in, None).unwrap();
        let base32 = setup.secret.expose().replace(' ', "");
        let code = secret(&self.totp_code(&base32));
        let codes = confirm_totp(&self.authority, &self.slug, signed_in, &setup.pending, &code, None);
        (base32, codes.unwrap())
    }

    /// What an authenticator app shows at this moment.
    pub(super) fn totp_code(&self, base32: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(base32).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.authority.now().as_secs()).unwrap()).to_string()
    }
}
