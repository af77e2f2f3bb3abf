//! What an app, and those who may see it, get to see of its usage.

use std::time::Duration;

use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::UsageStatus;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_app::{AppRole, authenticate_app};
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, Caller, METER_SCOPE, Reach};
use turnkeep_service::usage::show_usage::{AppUsage, UsageHistory, own_usage, usage_of_app};

use super::{Metered, event, event_at, used};
use crate::world::{TestApp, World, denial};

fn own(metered: &Metered) -> AppUsage {
    own_usage(&metered.context_of(&metered.app), &[]).unwrap().usage
}

#[test]
fn an_app_sees_what_it_used_of_its_limits() {
    let metered = Metered::new();
    let plan = metered.world.plan("pro", PlanPrice::Paid);
    let fresh = own(&metered);
    assert_eq!((fresh.plan, fresh.judgement.status, fresh.judgement.binding), (None, None, None));
    metered.world.change_plan(&metered.app, PlanAction::Assign(plan.id));
    // 100, 250, 500 and 1,000 units.
    for (id, units, status, binding) in [
        ("1", 74, UsageStatus::Healthy, UsageWindow::Hour),
        ("2", 1, UsageStatus::Warning, UsageWindow::Hour),
        ("3", 15, UsageStatus::Critical, UsageWindow::Hour),
    ] {
        metered.report(&[event(&metered.app, id, units)]);
        let usage = own(&metered);
        assert_eq!((usage.judgement.status, usage.judgement.binding), (Some(status), Some(binding)), "{id}");
        assert_eq!(usage.plan.as_ref().map(ToString::to_string).as_deref(), Some("pro"));
        let shown = usage_of_app(&metered.world.operator(), metered.app.id, &[]).unwrap();
        assert_eq!(shown.usage, usage);
        assert_eq!(metered.report(&[event(&metered.app, id, units)]).apps, [usage]);
    }
    // The next hour begins at zero, and the day binds.
    metered.world.advance(3_600);
    let usage = own(&metered);
    assert_eq!(used(&usage.judgement), [0, 90, 90, 90]);
    assert_eq!(usage.judgement.binding, Some(UsageWindow::Day));
}

#[test]
fn past_windows_are_shown_if_they_are_wanted() {
    let metered = Metered::new();
    let now = metered.world.authority.now();
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let events =
        [1, 2, 50].map(|ago| event_at(metered.app.id, &ago.to_string(), ago, Some(now.minus(hours(ago)))));
    metered.report(&events);
    let shown = |window, from, to| {
        let wanted = UsageHistory { window, from, to };
        let shown = own_usage(&metered.context_of(&metered.app), &[wanted]).unwrap();
        shown.histories.concat().iter().map(|past| (past.starts_at, past.units)).collect::<Vec<_>>()
    };
    let [one, two, fifty] = [1, 2, 50].map(|ago| (now.minus(hours(ago)), ago));
    assert_eq!(shown(UsageWindow::Hour, None, None), [two, one], "two days back");
    assert_eq!(shown(UsageWindow::Hour, Some(now.minus(hours(60))), None), [fifty, two, one]);
    assert_eq!(shown(UsageWindow::Hour, None, Some(now.minus(hours(1)))), [fifty, two][1..]);
    assert_eq!(shown(UsageWindow::Day, None, None), [(now.minus(hours(72)), 50), (now.minus(hours(24)), 3)]);
    let own =
        |wanted: &[UsageHistory]| own_usage(&metered.context_of(&metered.app), wanted).unwrap().histories;
    assert_eq!(own(&[]), [[]; 0]);
    let [day, hour] = [UsageWindow::Day, UsageWindow::Hour].map(UsageHistory::recent);
    assert_eq!(own(&[day, hour]), [own(&[day]), own(&[hour])].concat(), "each by itself, in their order");
}

#[test]
fn others_see_the_usage_of_apps_that_they_may_see() {
    let metered = Metered::new();
    let world = &metered.world;
    let stranger = world.tenant("Stranger");
    for role in Role::ALL {
        let insider = world.tenant_caller(metered.tenant.id, role);
        assert!(usage_of_app(&insider, metered.app.id, &[]).is_ok(), "{role:?}");
        let outsider = world.tenant_caller(stranger.id, role);
        assert_eq!(denial(usage_of_app(&outsider, metered.app.id, &[])), RegistryDenial::NotFound);
    }
    let nobody = world.context(Reach::Nowhere);
    let refusal = denial(usage_of_app(&nobody, metered.app.id, &[]));
    assert!(matches!(refusal, RegistryDenial::Forbidden(_)), "{refusal:?}");
    assert_eq!(denial(own_usage(&world.operator(), &[])), RegistryDenial::NotFound, "nobody is no app");
}

fn authenticated(world: &World, token: &str, role: AppRole) -> Result<Caller, Failure<BearerDenial>> {
    authenticate_app(&world.authority, &world.slug, token, role, LookUp::Anywhere)
}

#[test]
fn any_token_of_an_app_shows_who_it_is_and_one_with_the_scope_lets_it_report() {
    let metered = Metered::new();
    let world = &metered.world;
    let reader = world.app_with_scopes(&metered.tenant, "Reader", "turnkeep.read");
    let denied = |result| denial::<Caller, BearerDenial>(result);
    for (app, may_report) in [
        (&metered.app, Some(BearerDenial::InvalidToken)),
        (&reader, Some(BearerDenial::InsufficientScope)),
        (&metered.meter, None),
    ] {
        let token = world.token(app);
        let caller = authenticated(world, &token, AppRole::Itself).unwrap();
        assert_eq!(caller.actor, turnkeep_domain::audit::Actor::App(app.id));
        assert_eq!(caller.reach, Reach::Nowhere, "it reaches no record by this");
        match may_report {
            Some(refusal) => assert_eq!(denied(authenticated(world, &token, AppRole::Meter)), refusal),
            None => assert!(authenticated(world, &token, AppRole::Meter).is_ok()),
        }
    }
}

#[test]
fn tokens_that_are_dead_or_foreign_are_refused() {
    let metered = Metered::new();
    let world = &metered.world;
    let dead: &TestApp = &metered.meter;
    let token = world.token(dead);
    let foreign = Metered::in_world(world.instance("foreign"));
    let foreign_token = foreign.world.token(&foreign.meter);
    world.switch(dead, turnkeep_domain::app::AppState::Disabled);
    for role in [AppRole::Itself, AppRole::Meter] {
        for token in [token.as_str(), &foreign_token, "", "x", METER_SCOPE] {
            assert_eq!(denial(authenticated(world, token, role)), BearerDenial::InvalidToken, "{token}");
        }
        assert!(authenticated(&foreign.world, &foreign_token, role).is_ok());
    }
}
