//! Tokens by hour and refusals by reason: counted in memory, written by bookkeeping, shown to whom they belong.

use turnkeep_domain::app::AppState;
use turnkeep_domain::membership::Role;
use turnkeep_domain::token_requests::{QuotaMode, QuotaWindow, TokenRequestLimits};
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::token_requests::token_history::{refusals_of_tenant, tokens_of_app};
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::world::{TestApp, World, cheap_settings, denial};

const HOUR: u64 = 3_600;

fn refusals(context: &RegistryContext<'_>, app: &TestApp, hours: u32) -> Vec<(String, u64)> {
    let history = tokens_of_app(context, app.id, hours).unwrap();
    history.refusals.into_iter().map(|refused| (refused.code, refused.refused)).collect()
}

fn issued(context: &RegistryContext<'_>, app: &TestApp, hours: u32) -> Vec<u64> {
    tokens_of_app(context, app.id, hours).unwrap().hours.iter().map(|hour| hour.issued).collect()
}

/// So many requests with another app's secret.
fn fail(world: &World, app: &TestApp, other: &TestApp, attempts: usize) {
    let mistaken = TestApp { secret: other.secret.clone(), ..app.clone() };
    for _ in 0..attempts {
        assert!(world.issue(&mistaken).is_err());
    }
}

#[test]
fn an_app_sees_its_hours_and_why_it_was_refused() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let (app, other) = (world.app(&tenant, "Orders"), world.app(&tenant, "Other"));
    world.advance(QuotaWindow::Hour.left(world.authority.now()).as_secs() + 1);
    for _ in 0..3 {
        world.issue(&app).unwrap();
    }
    fail(&world, &app, &other, 2);
    world.advance(HOUR);
    world.issue(&app).unwrap();
    world.switch(&app, AppState::Disabled);
    for _ in 0..4 {
        assert!(world.issue(&app).is_err());
    }
    let auditor = world.tenant_caller(tenant.id, Role::Auditor);
    assert_eq!(issued(&auditor, &app, 48), [0_u64; 0], "nothing is written on the way of a token");
    world.authority.close_books().unwrap();
    assert_eq!(issued(&auditor, &app, 48), [3, 1]);
    assert_eq!(issued(&auditor, &app, 1), [1]);
    let by_reason = |hours| refusals(&auditor, &app, hours);
    let (disabled, unknown) =
        (("app_disabled".to_owned(), 4), ("client_authentication_failed".to_owned(), 2));
    assert_eq!(by_reason(48), [disabled.clone(), unknown]);
    assert_eq!(by_reason(1), [disabled]);
    assert_eq!(issued(&auditor, &other, 48), [0_u64; 0]);
    assert_eq!(refusals(&auditor, &other, 48), []);
}

#[test]
fn what_a_quota_refused_is_one_reason_among_others() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token_quota = TokenRequestLimits::new(None, Some(3), None, QuotaMode::Enforced).unwrap();
    let node = world.restarted(&[1], AuthoritySettings { token_quota, ..cheap_settings() }, 7);
    let served = (0..5).filter(|_| node.issue(&app).is_ok()).count();
    assert_eq!(served, 3);
    node.authority.close_books().unwrap();
    assert_eq!(refusals(&node.operator(), &app, 1), [("token_quota_exceeded".to_owned(), 2)]);
    assert_eq!(issued(&node.operator(), &app, 1), [3]);
}

#[test]
fn a_tenant_sees_the_refusals_of_its_apps_and_of_no_others() {
    let world = World::new();
    let (acme, bolt) = (world.tenant("Acme"), world.tenant("Bolt"));
    let (one, two) = (world.app(&acme, "One"), world.app(&acme, "Two"));
    let foreign = world.app(&bolt, "Foreign");
    fail(&world, &one, &two, 1);
    fail(&world, &two, &one, 2);
    fail(&world, &foreign, &one, 5);
    world.authority.close_books().unwrap();
    let member = world.tenant_caller(acme.id, Role::Auditor);
    let refused = refusals_of_tenant(&member, acme.id, 48).unwrap().refusals;
    let counts: Vec<u64> = refused.iter().map(|refused| refused.refused).collect();
    assert_eq!(counts, [3]);

    assert_eq!(denial(refusals_of_tenant(&member, bolt.id, 48)), RegistryDenial::NotFound);
    assert_eq!(denial(tokens_of_app(&member, foreign.id, 48)), RegistryDenial::NotFound);
    for refusal in [
        denial(refusals_of_tenant(&world.context(Reach::Nowhere), acme.id, 48)),
        denial(tokens_of_app(&world.context(Reach::Nowhere), one.id, 48)),
    ] {
        assert!(matches!(refusal, RegistryDenial::Forbidden(_)), "{refusal:?}");
    }
}
