//! The feed of kill marks: each kind of kill has its mark, nothing else has one, and a resource server can tell who
//! signed it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use turnkeep_domain::app::{AppSettings, AppState};
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::publish_key_set::UnknownIssuer;
use turnkeep_service::keys::rotate_keys::{RotationCause, rotate_keys};
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_instance::switch_instance;
use turnkeep_service::registry::manage_resource::delete_scope;
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, update_tenant};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::publish_kill_marks::{PublishedKillMarks, publish_kill_marks, tag_kill_marks};
use turnkeep_testkit::fixtures::{name, scopes, slug};
use turnkeep_token::rotation::RotationUrgency;
use turnkeep_verify::kill_marks::KillMarks;

use crate::world::registry_verbs::settings;
use crate::world::token_verbs::payload;
use crate::world::{TestApp, World, denial, memory};

impl World {
    fn published(&self) -> Arc<PublishedKillMarks> {
        publish_kill_marks(&self.authority, &self.slug, LookUp::Anywhere)
            .unwrap_or_else(|_| panic!("no kill marks"))
    }

    fn tag(&self) -> String {
        let published = tag_kill_marks(&self.authority, &self.slug, LookUp::Anywhere);
        published.unwrap_or_else(|_| panic!("no kill marks")).etag().to_owned()
    }

    /// Time goes by on every clock.
    fn let_pass(&self, secs: u64) {
        self.advance(secs);
        self.clock.0.pause(Duration::from_secs(secs));
    }

    /// The payload of the feed, unverified.
    fn feed(&self) -> Value {
        payload(self.published().document())
    }

    /// What a resource server makes of the feed.
    fn kill_marks(&self) -> KillMarks {
        let issuer = self.authority.base_url().issuer_of(&self.slug);
        let (keys, published) = (self.key_set(), self.published());
        KillMarks::verify(&issuer, &SigningAlgorithm::ALL, &keys, published.document()).unwrap()
    }
}

/// The one mark of a feed, without its number.
#[track_caller]
fn only_mark(feed: &Value) -> Value {
    let marks = feed["marks"].as_array().unwrap();
    assert_eq!(marks.len(), 1, "{feed}");
    assert_eq!(feed["revoked"], json!([]));
    let mut mark = marks[0].clone();
    let dead_below = mark.as_object_mut().unwrap().remove("dead_below").unwrap();
    assert!(dead_below.as_i64().unwrap() <= feed["seq"].as_i64().unwrap(), "{feed}");
    mark
}

type Kill = fn(&World, &TestApp);
type Marked = fn(&World, &TestApp) -> Value;

const BY_APP: Marked = |_, app| json!({"app_id": app.id.to_string()});

/// What kills, and the mark it leaves.
const KILLS: [(&str, Kill, Marked); 10] = [
    ("disabled app", |world, app| world.switch(app, AppState::Disabled), BY_APP),
    (
        "suspended tenant",
        |world, app| drop(world.step_tenant(app.tenant_id, TenantStep::Suspend)),
        |_, app| json!({"tenant_id": app.tenant_id.to_string()}),
    ),
    (
        "disabled instance",
        |world, _| drop(switch_instance(&world.operator(), world.instance_id, InstanceState::Disabled, None)),
        |_, _| json!({}),
    ),
    (
        "regenerated secret",
        |world, app| drop(regenerate_secret(&world.operator(), app.id, None).unwrap()),
        BY_APP,
    ),
    (
        "revoked secret",
        |world, app| {
            let secret = list_secrets(&world.operator(), app.id).unwrap()[0].id;
            revoke_secret(&world.operator(), app.id, secret, None).unwrap();
        },
        |world, app| {
            let secret = list_secrets(&world.operator(), app.id).unwrap()[0].id;
            json!({"secret_id": secret.to_string()})
        },
    ),
    ("plan on hold", |world, app| world.change_plan(app, PlanAction::Hold), BY_APP),
    (
        "retired plan",
        |world, app| drop(world.retire_plan(world.record(app.id).unwrap().plan.unwrap().plan_id)),
        BY_APP,
    ),
    (
        "disabled system user",
        |world, app| {
            let ServiceAccess::AsUser(user) = world.record(app.id).unwrap().settings.service_access else {
                panic!("no system user")
            };
            switch_user(&world.operator(), user, UserState::Disabled, None).unwrap();
        },
        BY_APP,
    ),
    (
        "deleted scope",
        |world, _| {
            let name = ScopeName::parse("update").unwrap();
            delete_scope(&world.operator(), world.api().id, &name).unwrap();
        },
        BY_APP,
    ),
    (
        "removed service access",
        |world, app| {
            let service_access = Some(ServiceAccess::Disabled);
            world.update(app, &AppChanges { service_access, ..AppChanges::default() });
        },
        BY_APP,
    ),
];

/// An app from which anything can be taken.
fn rich_app(world: &World) -> TestApp {
    let plan = world.plan("pro", PlanPrice::Paid);
    let user = world.user(UserKind::System, "robot");
    let settings = AppSettings { service_access: ServiceAccess::AsUser(user.id), ..settings("App") };
    let command = world.command(&world.tenant("Acme"), "App");
    let scopes = Some(scopes("read update"));
    let app = world.create(&CreateAppCommand { settings, scopes, plan_id: None, ..command });
    world.change_plan(&app, PlanAction::Assign(plan.id));
    app
}

#[test]
fn each_kind_of_kill_has_its_one_mark_and_no_other_issuer_has_it() {
    let platform = World::new();
    for (index, (cause, kill, marked)) in KILLS.into_iter().enumerate() {
        let world = platform.instance(&format!("acme-{index}"));
        let app = rich_app(&world);
        let bystander = world.lone_app("Other");
        let (token, spared) = (world.token(&app), world.token(&bystander));
        let before = world.tag();
        assert_eq!(world.feed()["marks"], json!([]), "{cause}");
        let (verified, bystanders) = (world.verify(&token).unwrap(), world.verify(&spared).unwrap());
        let keys = world.key_set();

        kill(&world, &app);
        assert_eq!(only_mark(&world.feed()), marked(&world, &app), "{cause}");
        assert_ne!(world.tag(), before, "{cause}");
        let issuer = world.authority.base_url().issuer_of(&world.slug);
        let document = world.published().document().to_owned();
        let held = KillMarks::verify(&issuer, &SigningAlgorithm::ALL, &keys, &document).unwrap();
        assert!(held.is_dead(&verified), "{cause}");
        assert_eq!(held.is_dead(&bystanders), cause == "disabled instance", "{cause}");
    }
    assert_eq!(platform.feed()["marks"], json!([]));
}

#[test]
fn a_retired_plan_marks_each_of_its_apps_and_not_the_instance() {
    let world = World::new();
    let plan = world.plan("pro", PlanPrice::Paid);
    let apps: Vec<_> = ["One", "Two", "Three"].map(|text| world.lone_app(text)).into();
    for app in &apps[..2] {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    world.retire_plan(plan.id);
    let feed = world.feed();
    let mut marked: Vec<_> =
        feed["marks"].as_array().unwrap().iter().map(|mark| mark["app_id"].as_str().unwrap()).collect();
    marked.sort_unstable();
    let mut expected: Vec<_> = apps[..2].iter().map(|app| app.id.to_string()).collect();
    expected.sort_unstable();
    assert_eq!(marked, expected);
}

#[test]
fn a_revoked_token_is_named_until_nobody_takes_it_any_more() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let (token, other) = (world.token(&app), world.token(&app));
    let (verified, spared) = (world.verify(&token).unwrap(), world.verify(&other).unwrap());
    let before = world.tag();
    world.revoke(&app, &token).unwrap();
    let feed = world.feed();
    assert_eq!(feed["marks"], json!([]));
    let until = verified.expires_at.as_secs() + 120;
    assert_eq!(feed["revoked"], json!([{"jti": verified.token_id.to_string(), "exp": until}]));
    let held = world.kill_marks();
    assert!(held.is_dead(&verified) && !held.is_dead(&spared));
    assert_ne!(world.tag(), before);
    world.let_pass(1_019);
    world.authority.keep_books().unwrap();
    assert_ne!(world.tag(), before);
    world.let_pass(1);
    world.authority.keep_books().unwrap();
    assert_eq!((world.tag(), &world.feed()["revoked"]), (before, &json!([])));
}

#[test]
fn what_kills_nothing_leaves_no_mark_and_the_tag_as_it_was() {
    let world = World::new();
    let app = rich_app(&world);
    let (before, earlier) = (world.tag(), world.feed());
    world.update(&app, &AppChanges { name: Some(name("Renamed")), ..AppChanges::default() });
    let changes = TenantChanges { app_limit: AppLimit::new(50), ..TenantChanges::default() };
    update_tenant(&world.operator(), app.tenant_id, &changes, None).unwrap();
    add_secret(&world.operator(), app.id, Overlap::from_secs(60).unwrap(), None).unwrap();
    world.switch(&app, AppState::Enabled);
    world.lone_app("Another");
    world.let_pass(5);
    let feed = world.feed();
    assert_eq!((&feed["marks"], &feed["revoked"]), (&json!([]), &json!([])));
    assert_eq!(world.tag(), before);
    assert!(earlier["seq"].as_i64() < feed["seq"].as_i64(), "it is complete up to what was changed last");
}

#[test]
fn many_readers_within_a_moment_cost_one_signature() {
    let world = World::new();
    let first = world.published();
    world.let_pass(4);
    assert!(Arc::ptr_eq(&first, &world.published()));
    world.let_pass(1);
    let later = world.published();
    assert_ne!(first.document(), later.document());
    assert_eq!(first.etag(), later.etag());
    world.switch(&world.lone_app("Acme"), AppState::Disabled);
    assert_ne!(world.published().etag(), later.etag(), "a kill is there at once");
}

#[test]
fn nodes_with_the_same_marks_have_the_same_tag() {
    let store = memory();
    let world = World::bare_on(store);
    world.furnish();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    world.revoke(&app, &token).unwrap();
    world.switch(&app, AppState::Disabled);
    let node = world.restarted(&[1], crate::world::cheap_settings(), 7);
    assert_eq!(node.tag(), world.tag());
    assert!(node.kill_marks().is_dead(&world.verify(&token).unwrap()));
}

#[test]
fn there_are_no_marks_of_an_unknown_issuer() {
    let world = World { slug: slug("nobody"), ..World::bare() };
    let unknown = publish_kill_marks(&world.authority, &world.slug, LookUp::Anywhere).map(drop);
    assert_eq!(denial(unknown), UnknownIssuer);
    let tag = tag_kill_marks(&world.authority, &world.slug, LookUp::Anywhere);
    assert!(matches!(tag, Err(Failure::Denied(UnknownIssuer))));
}

#[test]
fn keys_that_others_may_know_kill_everything_issued_so_far_and_other_rotations_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let rotate = |urgency| {
        let cause = RotationCause::Command(SigningAlgorithm::Es256, urgency);
        rotate_keys(&world.authority, world.instance_id, cause).unwrap()
    };
    rotate(RotationUrgency::AtOnce);
    assert!(world.is_active(&token));
    assert_eq!(world.feed()["marks"], json!([]));
    rotate(RotationUrgency::Compromised);
    assert!(!world.is_active(&token));
    assert_eq!(only_mark(&world.feed()), json!({}));
    assert!(world.is_active(&world.token(&app)), "under the new key");
}
