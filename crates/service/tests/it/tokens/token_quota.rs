//! Quotas of tokens: for each app, by hour and day, across restarts and nodes.

use std::time::Duration;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::token_requests::{QuotaMode, QuotaWindow, TokenRequestLimits};
use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::clock::Clock as _;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_plan::{PlanChanges, update_plan};
use turnkeep_service::snapshot::look_up::{LookUp, Missing};
use turnkeep_service::tokens::issue_token::issue_token;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_storage::token_counts::{CountedApp, CountedApps, TokenTotals};

use crate::world::{TestApp, World, cheap_settings, denial, fault};

const HOUR: u64 = 3_600;

fn limits(hour: Option<u32>, day: Option<u32>, mode: QuotaMode) -> TokenRequestLimits {
    TokenRequestLimits::new(None, hour, day, mode).unwrap()
}

fn hourly(tokens: u32) -> TokenRequestLimits {
    limits(Some(tokens), None, QuotaMode::Enforced)
}

impl World {
    /// Another node on the same database, with a quota for apps whose plan says nothing.
    fn with_quota(&self, token_quota: TokenRequestLimits, seed: u64) -> Self {
        self.restarted(&[1], AuthoritySettings { token_quota, ..cheap_settings() }, seed)
    }

    /// The quota that is used up.
    #[track_caller]
    fn exceeded(&self, app: &TestApp) -> TokenQuotaExceeded {
        match denial(self.issue(app)) {
            IssueTokenDenial::QuotaExceeded(exceeded) => exceeded,
            other => panic!("{other}"),
        }
    }

    /// How many of so many requests get a token.
    fn served(&self, app: &TestApp, attempts: usize) -> usize {
        (0..attempts)
            .filter(|_| match self.issue(app) {
                Ok(_) => true,
                Err(Failure::Denied(IssueTokenDenial::QuotaExceeded(_))) => false,
                Err(failure) => panic!("{failure:?}"),
            })
            .count()
    }

    /// To the beginning of an hour.
    fn await_full_hour(&self) {
        self.advance(QuotaWindow::Hour.left(self.authority.now()).as_secs() + 1);
    }

    fn totals(&self, app: &TestApp) -> TokenTotals {
        let counted = CountedApp { instance_id: self.instance_id, tenant_id: app.tenant_id, app_id: app.id };
        let hour_start = QuotaWindow::Hour.start(self.authority.now());
        self.store.read(|reads| reads.find_token_totals(&counted, hour_start)).unwrap()
    }
}

#[test]
fn seed_000_an_app_gets_as_many_tokens_as_its_quota_says_and_then_learns_when_to_come_back() {
    let world = World::new();
    let (app, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let node = world.with_quota(hourly(3), 7);
    assert_eq!(node.served(&app, 3), 3);
    let exceeded = node.exceeded(&app);
    assert_eq!((exceeded.window, exceeded.limit.get()), (QuotaWindow::Hour, 3));
    assert_eq!(exceeded.resets_in, QuotaWindow::Hour.left(node.authority.now()));
    assert_eq!(node.served(&other, 3), 3, "everybody has a quota of one's own");
    node.await_full_hour();
    assert_eq!(node.served(&app, 5), 3);
}

#[test]
fn a_day_binds_when_its_quota_is_used_up() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.advance(QuotaWindow::Day.left(world.authority.now()).as_secs() + 1);
    let node = world.with_quota(limits(Some(3), Some(4), QuotaMode::Enforced), 7);
    assert_eq!(node.served(&app, 5), 3);
    node.await_full_hour();
    assert_eq!(node.served(&app, 5), 1);
    let exceeded = node.exceeded(&app);
    assert_eq!((exceeded.window, exceeded.limit.get()), (QuotaWindow::Day, 4));
    assert!(Duration::from_secs(22 * HOUR) < exceeded.resets_in);
    node.advance(exceeded.resets_in.as_secs() + 1);
    assert_eq!(node.served(&app, 5), 3);
}

#[test]
fn what_was_issued_counts_after_a_restart() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let before = world.with_quota(hourly(5), 7);
    assert_eq!(before.served(&app, 3), 3);
    before.authority.close_books().unwrap();
    let after = world.with_quota(hourly(5), 8);
    assert_eq!(after.served(&app, 5), 2);
}

#[test]
fn nodes_know_of_each_others_tokens_after_they_have_kept_their_books() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let (one, other) = (world.with_quota(hourly(10), 7), world.with_quota(hourly(10), 8));
    assert_eq!((one.served(&app, 4), other.served(&app, 3)), (4, 3));
    for node in [&one, &other, &one] {
        node.authority.keep_books().unwrap();
    }
    // One has learned of all seven with its last books only if it had something to write.
    assert_eq!(other.served(&app, 2), 2);
    other.authority.keep_books().unwrap();
    assert_eq!(one.served(&app, 1), 1);
    one.authority.keep_books().unwrap();
    assert_eq!(one.served(&app, 5), 0);
    assert_eq!(world.totals(&app), TokenTotals { in_hour: 10, in_day: 10 });
}

#[test]
fn what_is_not_in_memory_is_read_before_a_quota_is_judged_and_only_then() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let node = world.with_quota(hourly(2), 7);
    let request = node.request(&app);
    let in_memory = || issue_token(&node.authority, &request, LookUp::InMemory);
    let mut missing = Vec::new();
    while let Err(failure) = in_memory() {
        let Failure::Fault(Fault::NotInMemory(thing)) = failure else { panic!("{failure:?}") };
        node.authority.load(&thing).unwrap();
        missing.push(thing);
    }
    assert_eq!(missing.last(), Some(&Missing::TokenTotals(app.id)));
    assert_eq!(missing.iter().filter(|thing| **thing == Missing::TokenTotals(app.id)).count(), 1);
    // Nothing was lost on the way here.
    in_memory().unwrap();
    assert!(matches!(denial(in_memory()), IssueTokenDenial::QuotaExceeded(_)));
    let unlimited = world.with_quota(TokenRequestLimits::default(), 8);
    unlimited.token(&app);
    issue_token(&unlimited.authority, &request, LookUp::InMemory).unwrap();
}

#[test]
fn a_plans_quota_goes_before_the_servers_and_changes_with_the_plan() {
    let world = World::new();
    let node = world.with_quota(hourly(2), 7);
    let app = node.lone_app("Acme");
    let plan = node.plan("pro", PlanPrice::Paid);
    node.change_plan(&app, PlanAction::Assign(plan.id));
    assert_eq!(node.served(&app, 5), 2, "the plan says nothing");
    let set = |token_requests| {
        let changes = PlanChanges { token_requests: Some(token_requests), ..PlanChanges::default() };
        update_plan(&node.operator(), plan.id, &changes, None).unwrap();
    };
    set(hourly(4));
    assert_eq!(node.served(&app, 5), 2);
    assert_eq!(node.exceeded(&app).limit.get(), 4);
    set(limits(Some(4), None, QuotaMode::DryRun));
    assert_eq!(node.served(&app, 5), 5);
    node.authority.close_books().unwrap();
    let (instance_id, start) = (node.instance_id, turnkeep_testkit::fixtures::START);
    let counts = node
        .store
        .read(|reads| reads.list_token_counts(instance_id, CountedApps::One(app.tenant_id, app.id), start, 1))
        .unwrap();
    let counts: Vec<_> = counts.iter().map(|line| (line.issued, line.refused, line.would_refuse)).collect();
    assert_eq!(counts, [(9, 7, 5)]);
}

#[test]
fn the_servers_quota_does_not_lock_its_operators_out() {
    let world = World::new();
    let node = world.with_quota(hourly(1), 7);
    for _ in 0..5 {
        node.operator_token();
    }
}

#[test]
fn refusals_for_other_reasons_use_up_no_quota() {
    let world = World::new();
    let node = world.with_quota(hourly(1), 7);
    let app = node.lone_app("Acme");
    let wrong = app.with_secret(&PlaintextSecret::new("wrong".to_owned()));
    for _ in 0..5 {
        assert_eq!(node.refusal(&wrong), TokenDenial::ClientAuthenticationFailed);
        let unknown = denial(node.issue_for(&app, Some("unknown"), None));
        assert_eq!(unknown, IssueTokenDenial::Token(TokenDenial::ScopeNotAllowed));
    }
    node.token(&app);
    let _ = node.exceeded(&app);
}

#[test]
fn an_app_that_goes_beyond_its_quota_leaves_one_event_in_an_hour() {
    let world = World::new();
    let node = world.with_quota(hourly(1), 7);
    let app = node.lone_app("Acme");
    let events = || {
        node.authority.keep_books().unwrap();
        let mut events = node.events("token.issue");
        events.retain(|event| event.actor == Actor::App(app.id).to_string());
        assert!(events.iter().all(|event| event.refusal.as_deref() == Some(TokenQuotaExceeded::CODE)));
        events.len()
    };
    assert_eq!(node.served(&app, 20), 1);
    assert_eq!(events(), 1);
    node.await_full_hour();
    assert_eq!(node.served(&app, 20), 1);
    assert_eq!(events(), 2);
}

#[test]
fn counts_of_apps_that_are_no_longer_in_memory_are_written_and_then_forgotten() {
    let world = World::new();
    let apps: Vec<_> = (0..12).map(|number| world.lone_app(&format!("Acme {number}"))).collect();
    let settings = AuthoritySettings { snapshot_apps: 4, token_quota: hourly(5), ..cheap_settings() };
    let node = world.restarted(&[1], settings, 7);
    for app in &apps {
        assert_eq!(node.served(app, 2), 2);
    }
    node.authority.keep_books().unwrap();
    assert!(node.authority.status().apps_counted <= 4, "{:?}", node.authority.status());
    for app in &apps {
        assert_eq!(node.served(app, 5), 3, "what was written counts");
    }
}

#[test]
fn what_was_counted_is_forgotten_after_62_days() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.token(&app);
    world.authority.close_books().unwrap();
    let count = || {
        let since = turnkeep_testkit::fixtures::START;
        let counted = CountedApps::OfTenant(app.tenant_id);
        let id = world.instance_id;
        world.store.read(|reads| reads.list_token_counts(id, counted, since, 9)).unwrap().len()
    };
    for (days, expected) in [(61, 1), (2, 0)] {
        world.advance(days * 24 * HOUR);
        world.clock.pause(Duration::from_secs(days * 24 * HOUR));
        world.authority.keep_books().unwrap();
        assert_eq!(count(), expected);
    }
}

#[test]
fn a_quota_is_not_judged_without_knowing_what_was_issued() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let node = world.with_quota(hourly(2), 7);
    let request = node.request(&app);
    // Everything but the totals.
    for missing in [
        Missing::Changes,
        Missing::Issuer(node.slug.clone()),
        Missing::App { issuer: node.slug.clone(), client_id: app.client_id.clone() },
    ] {
        node.authority.load(&missing).unwrap();
    }
    let missing = fault(issue_token(&node.authority, &request, LookUp::InMemory));
    assert!(matches!(missing, Fault::NotInMemory(Missing::TokenTotals(id)) if id == app.id), "{missing:?}");
}
