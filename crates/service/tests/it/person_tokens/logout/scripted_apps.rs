//! Apps that take notices of logouts, or do not, as a test wants; and a world that tells them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::LogoutNoticeId;
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::time::Timestamp;
use turnkeep_service::authority::{Authority, AuthorityParts};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::logout::deliver_logout::{DeliverLogout, DeliveryOutcome};
use turnkeep_service::logout::deliver_notices::{Deliveries, deliver_notices};
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::sign_in::mail::NoMail;
use turnkeep_service::sign_in::session::find_signed_in;
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_storage::store::Writes;
use turnkeep_testkit::seeded_random::SeededRandom;

use super::super::people::{Person, world};
use crate::authorization::sample::sign_in;
use crate::world::{BASE_URL, TestApp, TestClock, World, cheap_settings, master_keys};

/// Where browsers go after signing out.
pub(super) const BACK: &str = "https://app.example.com/bye";

/// What the apps were told, and how they answer.
#[derive(Default)]
pub(super) struct ScriptedApps {
    told: Mutex<Vec<(String, String)>>,
    /// Addresses that do not answer.
    silent: Mutex<BTreeSet<String>>,
    /// Addresses that the guard does not allow.
    refused: Mutex<BTreeSet<String>>,
}

impl ScriptedApps {
    /// What they were told since the last time, in the order of the addresses.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        let mut told = std::mem::take(&mut *self.told.lock().unwrap());
        told.sort();
        told
    }

    pub(super) fn silence(&self, uri: &str) {
        self.silent.lock().unwrap().insert(uri.to_owned());
    }

    pub(super) fn hear(&self, uri: &str) {
        self.silent.lock().unwrap().remove(uri);
    }

    pub(super) fn refuse(&self, uri: &str) {
        self.refused.lock().unwrap().insert(uri.to_owned());
    }
}

impl DeliverLogout for ScriptedApps {
    fn may_reach(&self, uri: &BackchannelLogoutUri) -> bool {
        !self.refused.lock().unwrap().contains(uri.as_str())
    }

    fn deliver(&self, uri: &BackchannelLogoutUri, logout_token: &str) -> DeliveryOutcome {
        self.told.lock().unwrap().push((uri.to_string(), logout_token.to_owned()));
        match self.silent.lock().unwrap().contains(uri.as_str()) {
            true => DeliveryOutcome::Failed,
            false => DeliveryOutcome::Delivered,
        }
    }
}

/// A world in which people sign in and apps are told of logouts.
pub(super) fn telling_world() -> (World, Arc<ScriptedApps>) {
    let (world, apps) = (world(), Arc::new(ScriptedApps::default()));
    let authority = Authority::new(AuthorityParts {
        store: Arc::clone(&world.store),
        clock: Arc::<TestClock>::clone(&world.clock),
        random: Arc::new(SeededRandom::new(77)),
        master_keys: Arc::new(master_keys(&[1])),
        base_url: BaseUrl::parse(BASE_URL).unwrap(),
        storage_probe: Arc::new(NoStorageProbe),
        mail: Arc::new(NoMail),
        logout_delivery: Arc::<ScriptedApps>::clone(&apps),
        settings: cheap_settings(),
    });
    (World { authority: Arc::new(authority), ..world }, apps)
}

/// Where an app of this name is told.
pub(super) fn address(text: &str) -> String {
    format!("https://{text}.example.com/logout")
}

impl World {
    /// An app that is told of logouts at [`address`], and sends browsers to [`BACK`].
    pub(super) fn told_app(&self, text: &str) -> TestApp {
        let app = self.sign_in_app(text, ClientType::Public);
        let uri = BackchannelLogoutUri::parse(&address(text)).unwrap();
        let changes = AppChanges {
            backchannel_logout_uri: Some(Some(uri)),
            logout_redirect_uris: Some(RedirectUris::parse_list([BACK]).unwrap()),
            ..AppChanges::default()
        };
        self.update(&app, &changes);
        app
    }

    /// Somebody in a browser, with the handle of the session.
    pub(super) fn browsing(&self, text: &str) -> (Person, String) {
        let user = self.user(turnkeep_domain::user::UserKind::Internal, text);
        let handle = sign_in(self, &user);
        let signed_in = find_signed_in(&self.authority, &self.slug, &handle).unwrap().unwrap();
        (Person { user, session: signed_in.session }, handle)
    }

    /// An app is to be told so many times that a session of a person is over.
    pub(super) fn insert_notices(&self, app: &TestApp, person: &Person, count: u64) {
        let now = self.authority.now();
        let notice = || LogoutNotice {
            id: fresh_id(now),
            instance_id: self.instance_id,
            tenant_id: app.tenant_id,
            app_id: app.id,
            user_id: person.user.id,
            session_id: person.session.id,
            attempts: 0,
            due_at: now,
            created_at: now,
        };
        let insert =
            |writes: &mut dyn Writes| (0..count).try_for_each(|_| writes.insert_logout_notice(&notice()));
        self.store.mutate(insert).unwrap();
    }

    pub(super) fn deliver(&self) -> Deliveries {
        deliver_notices(&self.authority).unwrap()
    }
}

/// An id that no other notice has.
fn fresh_id(now: Timestamp) -> LogoutNoticeId {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let mut random = [0; 10];
    random[8..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    LogoutNoticeId::new(now, random)
}

/// Header and claims of a token.
pub(super) fn parts(token: &str) -> [Value; 2] {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = BASE64URL_NOPAD.decode(parts.next().unwrap().as_bytes()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    [part(), part()]
}
