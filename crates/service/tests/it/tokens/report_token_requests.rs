//! Which apps ask for more tokens than they need.

use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{Order, Page};
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::token_requests::QuotaWindow;
use turnkeep_policy::judge_token_requests::TokenPattern;
use turnkeep_policy::permission::Permission;
use turnkeep_policy::review_app::ReviewFinding;
use turnkeep_service::audit::review_apps::{ReviewFilter, review_apps};
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::token_requests::report_token_requests::{
    AppTokenRequests, TokenRequestsQuery, report_token_requests,
};
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::world::{TestApp, World, denial};

const QUERY: TokenRequestsQuery = TokenRequestsQuery { tenant_id: None, hours: 24, limit: 10 };

fn report(context: &RegistryContext<'_>, query: &TokenRequestsQuery) -> Vec<AppTokenRequests> {
    report_token_requests(context, query).unwrap().apps
}

/// Names, tokens, tenths per lifetime, pattern.
fn lines(apps: &[AppTokenRequests]) -> Vec<(String, u64, u64, TokenPattern)> {
    let line = |app: &AppTokenRequests| {
        let judgement = app.judgement;
        (app.counts.name.to_string(), app.counts.issued, judgement.tenths_per_lifetime, judgement.pattern)
    };
    apps.iter().map(line).collect()
}

impl World {
    fn take_tokens(&self, app: &TestApp, tokens: u32) {
        for _ in 0..tokens {
            self.token(app);
        }
    }
}

#[test]
fn seed_000_clients_that_ask_for_a_token_per_call_are_named_first() {
    let world = World::new();
    let [modest, busy, brief] = ["Modest", "Busy", "Brief"].map(|text| world.lone_app(text));
    let token_lifetime = Some(TokenLifetime::from_secs(60).unwrap());
    world.update(&brief, &AppChanges { token_lifetime, ..AppChanges::default() });
    for (app, tokens) in [(&modest, 4), (&busy, 241), (&brief, 100)] {
        world.take_tokens(app, tokens);
    }
    world.authority.close_books().unwrap();
    let expected = |name: &str, issued, tenths, pattern| (name.to_owned(), issued, tenths, pattern);
    let named = lines(&report(&world.operator(), &QUERY));
    assert_eq!(
        named,
        [
            expected("Busy", 241, 602, TokenPattern::TokenPerCall),
            expected("Brief", 100, 16, TokenPattern::Reuses),
            expected("Modest", 4, 10, TokenPattern::Reuses),
        ]
    );
    let first = report(&world.operator(), &TokenRequestsQuery { limit: 1, ..QUERY });
    assert_eq!(first.iter().map(|app| app.counts.app_id).collect::<Vec<_>>(), [busy.id]);
}

#[test]
fn a_report_is_about_the_hours_that_were_asked_for() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.take_tokens(&app, 3);
    world.advance(QuotaWindow::Hour.left(world.authority.now()).as_secs() + 1);
    world.take_tokens(&app, 2);
    world.authority.close_books().unwrap();
    for (hours, issued) in [(1, 2), (2, 5), (u32::MAX, 5)] {
        let apps = report(&world.operator(), &TokenRequestsQuery { hours, ..QUERY });
        assert_eq!(apps.iter().map(|app| app.counts.issued).sum::<u64>(), issued, "{hours}");
    }
}

#[test]
fn whoever_may_review_a_tenant_sees_its_apps_and_no_others() {
    let world = World::new();
    let (app, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    for app in [&app, &other] {
        world.token(app);
    }
    world.authority.close_books().unwrap();
    let ids = |apps: Vec<AppTokenRequests>| apps.iter().map(|app| app.counts.app_id).collect::<Vec<_>>();
    assert_eq!(report(&world.operator(), &QUERY).len(), 2);
    let of_other = TokenRequestsQuery { tenant_id: Some(other.tenant_id), ..QUERY };
    assert_eq!(ids(report(&world.operator(), &of_other)), [other.id]);
    let auditor = world.tenant_caller(app.tenant_id, Role::Auditor);
    assert_eq!(ids(report(&auditor, &QUERY)), [app.id]);
    assert_eq!(denial(report_token_requests(&auditor, &of_other)), RegistryDenial::NotFound);
    let nobody = world.context(Reach::Nowhere);
    let refused = denial(report_token_requests(&nobody, &QUERY));
    assert_eq!(refused, RegistryDenial::Forbidden(Permission::ReadReview));
}

#[test]
fn the_review_finds_who_asks_for_a_token_per_call() {
    let world = World::new();
    let (app, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    world.take_tokens(&app, 241);
    world.take_tokens(&other, 240);
    world.authority.close_books().unwrap();
    let filter = ReviewFilter { finding: Some("token_per_call".to_owned()), ..ReviewFilter::default() };
    let page = Page { order: Order::Created { after: None }, ..Page::first(10) };
    let reviewed = review_apps(&world.operator(), &filter, &page).unwrap();
    let found: Vec<_> = reviewed.apps.iter().map(|reviewed| reviewed.app.id).collect();
    assert_eq!(found, [app.id]);
    let first = reviewed.apps.first().unwrap();
    assert!(first.findings.contains(&ReviewFinding::TokenPerCall { busiest_hour: 241 }));
    world.advance(8 * 86_400);
    assert_eq!(review_apps(&world.operator(), &filter, &page).unwrap().apps, []);
}
