//! What is read again after a change, and what is not; how much is kept.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::plan::{PlanLimits, PlanPrice};
use turnkeep_domain::user::UserKind;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::registry::manage_plan::{PlanChanges, update_plan};
use turnkeep_service::registry::manage_tenant::TenantStep;

use super::nodes::{Node, cluster, furnished};
use crate::world::token_verbs::payload;
use crate::world::{TestApp, cheap_settings};

/// Somebody who is nobody's app.
fn nobody(like: &TestApp, client_id: &str) -> TestApp {
    TestApp { client_id: client_id.to_owned(), ..like.clone() }
}

#[test]
fn an_app_is_read_once_and_again_after_a_change_of_it_or_its_tenant_only() {
    let (world, [node]) = cluster();
    let tenant = world.tenant("one");
    let (app, sibling, stranger) =
        (world.app(&tenant, "app"), world.app(&tenant, "sibling"), world.lone_app("stranger"));
    let all = [&app, &sibling, &stranger];
    let loads = || all.map(|app| node.loads_of(|| drop(node.world.issue(app).unwrap())));
    assert_eq!(loads(), [1, 1, 1]);
    assert_eq!(loads(), [0, 0, 0]);
    node.world.plan("new", PlanPrice::Paid);
    node.world.user(UserKind::System, "new");
    assert_eq!(loads(), [0, 0, 0], "a change of the instance is none of its apps");
    node.world.step_tenant(tenant.id, TenantStep::Suspend);
    node.world.step_tenant(tenant.id, TenantStep::Activate);
    assert_eq!(loads(), [1, 1, 0]);
    node.world.switch(&app, AppState::Disabled);
    node.world.switch(&app, AppState::Enabled);
    assert_eq!(loads(), [1, 0, 0]);
    node.world.lone_app("another");
    assert_eq!(loads(), [0, 0, 0]);
}

#[test]
fn no_more_apps_are_kept_than_may_be_and_the_others_get_their_tokens_too() {
    for limit in [1, 4, 16] {
        let world = furnished();
        let apps: Vec<TestApp> = (0..40).map(|index| world.lone_app(&format!("app{index}"))).collect();
        let settings = AuthoritySettings { snapshot_apps: limit, ..cheap_settings() };
        let node = Node::with(&world, 101, &world.store, settings);
        for app in apps.iter().chain(&apps) {
            node.warmed_for(app);
            let kept = node.world.authority.status().apps_in_memory;
            assert!((1..=limit).contains(&kept), "{kept} of {limit}");
        }
        assert!(40 < node.world.authority.status().app_loads, "not all of them fit");
    }
}

#[test]
fn an_unknown_client_id_is_looked_for_once_until_an_app_is_created() {
    let (world, [node]) = cluster();
    let app = world.lone_app("one");
    let unknown = nobody(&app, "nobody");
    let ask = || {
        node.loads_of(|| {
            assert_eq!(node.world.refusal(&unknown), TokenDenial::AppUnknown);
        })
    };
    assert_eq!([ask(), ask(), ask()], [1, 0, 0]);
    node.world.switch(&app, AppState::Disabled);
    node.world.plan("new", PlanPrice::Paid);
    assert_eq!(ask(), 0, "none of this made an app");
    node.world.lone_app("two");
    assert_eq!([ask(), ask()], [1, 0]);
    let other = node.world.instance("other");
    other.lone_app("three");
    assert_eq!(ask(), 0, "that was elsewhere");
    // What cannot be a client id at all is not looked for.
    let senseless = nobody(&app, "no such thing\n");
    assert_eq!(node.loads_of(|| assert_eq!(node.world.refusal(&senseless), TokenDenial::AppUnknown)), 0);
}

#[test]
fn an_app_that_takes_an_unknown_client_id_gets_its_token_at_once_on_every_node() {
    let (world, [a, b]) = cluster();
    let tenant = world.tenant("one");
    let app = world.app(&tenant, "one");
    for node in [&a, &b] {
        assert_eq!(node.world.refusal(&nobody(&app, "later")), TokenDenial::AppUnknown);
    }
    a.is_followed_by(&[&b]);
    let client_id = Some(ClientId::parse("later").unwrap());
    let command = CreateAppCommand { client_id, ..world.command(&tenant, "later") };
    let created = a.world.create(&command);
    assert!(a.world.issue(&created).is_ok() && b.world.issue(&created).is_ok());
}

#[test]
fn unknown_client_ids_are_forgotten_before_they_are_too_many_and_take_no_room_from_apps() {
    let world = furnished();
    let app = world.lone_app("one");
    let settings = AuthoritySettings { snapshot_apps: 1, ..cheap_settings() };
    let node = Node::with(&world, 101, &world.store, settings);
    node.warmed_for(&app);
    for number in 0..20_100 {
        assert_eq!(node.world.refusal(&nobody(&app, &format!("n{number}"))), TokenDenial::AppUnknown);
    }
    let status = node.world.authority.status();
    assert!((1..=20_000).contains(&status.absences_in_memory), "{}", status.absences_in_memory);
    assert_eq!(node.loads_of(|| drop(node.world.issue(&app).unwrap())), 0);
}

#[test]
fn a_changed_plan_shows_in_the_next_token_of_every_node_although_no_app_is_read_again() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    let plan = world.plan("basic", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    let requests = |token: &str| payload(token)["limits"]["requests_per_minute"].as_u64();
    for node in [&a, &b] {
        assert_eq!(requests(&node.warmed_for(&app)), Some(10));
    }
    a.is_followed_by(&[&b]);
    let limits = PlanLimits { requests_per_minute: Some(77), ..plan.limits };
    let changes = PlanChanges { limits: Some(limits), ..PlanChanges::default() };
    a.change(|world| drop(update_plan(&world.operator(), plan.id, &changes, None).unwrap()));
    for node in [&a, &b] {
        let loads = node.loads_of(|| assert_eq!(requests(&node.world.token(&app)), Some(77)));
        assert_eq!(loads, 0);
    }
}
