//! Every reason for which an app gets no token, and its trace in the audit trail.
//!
//! Two are not here: a disabled instance is an unknown issuer, and a system user cannot go missing, since the
//! database holds on to it.

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};
use turnkeep_storage::store::Store;
use turnkeep_testkit::fixtures::scopes;

use crate::world::token_verbs::token_denial;
use crate::world::{TestApp, World, denial};

/// Brings an app that gets tokens into a state in which it gets none, and says how it then asks.
type Spoil = fn(&World, &TestApp) -> IssueTokenCommand;

const DENIALS: [(TokenDenial, Spoil); 14] = [
    (TokenDenial::AppUnknown, |world, app| {
        world.request(&TestApp { client_id: "com.example/nobody".to_owned(), ..app.clone() })
    }),
    (TokenDenial::ClientAuthenticationFailed, |world, app| {
        world.request(&TestApp { secret: Some("wrong".to_owned()), ..app.clone() })
    }),
    (TokenDenial::AppDisabled, |world, app| {
        world.switch(app, AppState::Disabled);
        world.request(app)
    }),
    (TokenDenial::TenantPendingActivation, |world, _| {
        let pending = world.pending_tenant("Pending");
        world.request(&world.app(&pending, "Early"))
    }),
    (TokenDenial::TenantSuspended, |world, app| {
        world.step_tenant(app.tenant_id, TenantStep::Suspend);
        world.request(app)
    }),
    (TokenDenial::TenantClosed, |world, app| {
        world.step_tenant(app.tenant_id, TenantStep::Suspend);
        world.step_tenant(app.tenant_id, TenantStep::Close);
        world.request(app)
    }),
    (TokenDenial::RegionMissing, |world, app| {
        let unplaced = |imported: &mut App| imported.placement = Placement::Unplaced;
        world.request(&world.import_variant(app, "com.example/unplaced", unplaced))
    }),
    (TokenDenial::DbCodeMissing, |world, app| {
        let half = |imported: &mut App| {
            if let Placement::Placed { region_id, region_code, .. } = imported.placement.clone() {
                imported.placement = Placement::RegionOnly { region_id, region_code };
            }
        };
        world.request(&world.import_variant(app, "com.example/half", half))
    }),
    (TokenDenial::PlanRetired, |world, app| {
        let plan = world.plan("pro", PlanPrice::Paid);
        world.change_plan(app, PlanAction::Assign(plan.id));
        world.retire_plan(plan.id);
        world.request(app)
    }),
    (TokenDenial::PlanOnHold, |world, app| {
        let plan = world.plan("pro", PlanPrice::Paid);
        world.change_plan(app, PlanAction::Assign(plan.id));
        world.change_plan(app, PlanAction::Hold);
        world.request(app)
    }),
    (TokenDenial::ServiceAccessOff, |world, app| {
        let service_access = Some(ServiceAccess::Disabled);
        world.update(app, &AppChanges { service_access, ..AppChanges::default() });
        world.request(app)
    }),
    (TokenDenial::SystemUserDisabled, |world, app| {
        let user = world.user(UserKind::System, "svc");
        let service_access = Some(ServiceAccess::AsUser(user.id));
        world.update(app, &AppChanges { service_access, ..AppChanges::default() });
        switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
        world.request(app)
    }),
    (TokenDenial::ScopeNotAllowed, |world, app| IssueTokenCommand {
        scopes: Some(scopes("read")),
        ..world.request(app)
    }),
    (TokenDenial::AudienceNotAllowed, |world, app| IssueTokenCommand {
        audience: Some(Audience::parse("https://unknown.example").unwrap()),
        ..world.request(app)
    }),
];

#[test]
fn each_denial_has_its_cause_and_leaves_one_event() {
    for (expected, spoil) in DENIALS {
        let world = World::new();
        let app = world.lone_app("Acme");
        world.token(&app);
        let command = spoil(&world, &app);
        assert_eq!(token_denial(denial(issue_token(&world.authority, &command, LookUp::Anywhere))), expected);
        assert!(world.events("token.issue").is_empty(), "{expected:?} waits for the books");
        world.authority.keep_books().unwrap();
        world.authority.keep_books().unwrap();
        let events = world.events("token.issue");
        let [event] = events.as_slice() else { panic!("{expected:?}: {events:?}") };
        assert_eq!(event.refusal.as_deref(), Some(expected.code()));
        let known = expected != TokenDenial::AppUnknown;
        assert_eq!((event.object.is_some(), event.tenant_id.is_some()), (known, known), "{expected:?}");
        let proven = known && expected != TokenDenial::ClientAuthenticationFailed;
        assert_eq!(event.actor.starts_with("app_"), proven, "{expected:?}");
        assert!(proven || event.actor == "anonymous", "{expected:?}");
    }
}

#[test]
fn the_secret_is_asked_for_before_anything_is_told() {
    for (expected, spoil) in DENIALS {
        let world = World::new();
        let app = world.lone_app("Acme");
        let mut command = spoil(&world, &app);
        command.client.secret = None;
        let told = token_denial(denial(issue_token(&world.authority, &command, LookUp::Anywhere)));
        let blind = [TokenDenial::AppUnknown, TokenDenial::ClientAuthenticationFailed];
        assert!(blind.contains(&told), "{expected:?} told {told:?}");
    }
}

#[test]
fn refusals_outlive_a_database_that_fails() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let faulty = crate::world::faulty_store::FaultyStore::around(&world.store);
    let store: std::sync::Arc<dyn Store> = faulty.clone();
    let world = world.restarted_on(store, &[1], crate::world::cheap_settings(), 2);
    world.refusal(&TestApp { secret: None, ..app });
    faulty.set_failing(true);
    world.authority.keep_books().unwrap_err();
    assert!(world.events("token.issue").is_empty());
    faulty.set_failing(false);
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("token.issue").len(), 1);
    assert_eq!(world.authority.notes_given_up(), 0);
}
