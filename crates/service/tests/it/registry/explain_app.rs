//! "Why can't this app get a token?"

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::decide_token::{Check, CheckState};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::add_secret::add_secret;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::revoke_secret::revoke_secret;

use crate::world::World;

#[test]
fn a_usable_app_lacks_nothing_but_its_own_proof() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let explanation = explain_app(&world.operator(), app.id).unwrap();
    assert_eq!(explanation.live_secrets, 1);
    assert_eq!(explanation.checks.len(), 11);
    for explained in explanation.checks {
        let expected = match explained.check {
            Check::ClientAuthenticated => CheckState::NotChecked,
            _ => CheckState::Passed,
        };
        assert_eq!(explained.state, expected, "{explained:?}");
    }
}

#[test]
fn everything_that_stands_against_a_token_is_listed_not_only_the_first() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    world.change_plan(&app, PlanAction::Hold);
    world.retire_plan(plan.id);
    world.switch(&app, AppState::Disabled);
    world.step_tenant(app.tenant_id, TenantStep::Suspend);
    let explanation = explain_app(&world.operator(), app.id).unwrap();
    let denied: Vec<_> = explanation
        .checks
        .iter()
        .filter_map(|explained| match explained.state {
            CheckState::Denied(denial) => Some((explained.check, denial)),
            CheckState::Passed | CheckState::NotChecked => None,
        })
        .collect();
    let expected = [
        (Check::AppEnabled, TokenDenial::AppDisabled),
        (Check::TenantActive, TokenDenial::TenantSuspended),
        (Check::PlanNotRetired, TokenDenial::PlanRetired),
        (Check::PlanNotOnHold, TokenDenial::PlanOnHold),
    ];
    assert_eq!(denied, expected);
    assert_eq!(world.refusal(&app), TokenDenial::AppDisabled, "the first of them is what a request is told");
}

#[test]
fn live_secrets_are_counted_as_of_now() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let live = || explain_app(&world.operator(), app.id).unwrap().live_secrets;
    let newest = add_secret(&world.operator(), app.id, Overlap::from_secs(60).unwrap(), None).unwrap();
    assert_eq!(live(), 2);
    world.advance(60);
    assert_eq!(live(), 1);
    revoke_secret(&world.operator(), app.id, newest.secret.id, None).unwrap();
    assert_eq!(live(), 0);
}

#[test]
fn an_app_without_a_live_secret_is_told_since_when() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.advance(60);
    let secret = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    revoke_secret(&world.operator(), app.id, secret, None).unwrap();
    let revoked_at = world.authority.now();
    world.advance(60);
    let explained = explain_app(&world.operator(), app.id).unwrap().checks[1];
    assert_eq!(explained.check, Check::ClientAuthenticated);
    assert_eq!(explained.state, CheckState::Denied(TokenDenial::NoLiveSecret));
    assert_eq!(explained.since, Some(revoked_at));
    assert_eq!(explained.advice(), Some("Regenerate its secret."));
    assert_eq!(world.refusal(&app), TokenDenial::ClientAuthenticationFailed, "nobody else is told");
}

#[test]
fn a_public_app_is_not_asked_for_a_secret_and_is_told_what_it_is_for() {
    let world = World::new();
    let mut command = world.command(&world.tenant("Acme"), "Spa");
    command.client_type = ClientType::Public;
    command.settings.service_access = ServiceAccess::Disabled;
    let app = world.create(&command);
    let checks = explain_app(&world.operator(), app.id).unwrap().checks;
    assert_eq!(checks[1].state, CheckState::NotChecked);
    let denied = checks.iter().find(|explained| explained.check == Check::ServiceAccess).unwrap();
    assert_eq!(denied.state, CheckState::Denied(TokenDenial::PublicApp));
    assert_eq!(denied.since, Some(world.record(app.id).unwrap().created_at));
}
