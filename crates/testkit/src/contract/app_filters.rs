//! Filters of apps, each alone and every two together.

use turnkeep_domain::app::{App, AppState, BasicAuthentication};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::filter::{AppFilter, Search};
use turnkeep_domain::page::Page;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;

use super::{apps, given};
use crate::fixtures;

type Wanted = Box<dyn Fn(&App) -> bool>;

fn region_code(app: &App) -> Option<&str> {
    match &app.placement {
        Placement::Unplaced => None,
        Placement::RegionOnly { region_code, .. } | Placement::Placed { region_code, .. } => {
            Some(region_code.as_str())
        }
    }
}

/// Every filter with what it means.
fn filters(apps: &[App]) -> Vec<(AppFilter, Wanted)> {
    let none = AppFilter::default;
    let mut filters: Vec<(AppFilter, Wanted)> = Vec::new();
    let search = Search::parse("full").unwrap();
    filters.push((
        AppFilter { search: Some(search.clone()), ..none() },
        Box::new(move |app| search.is_in(&app.settings.name.uniqueness_key())),
    ));
    let client_id = apps.first().unwrap().client_id.clone();
    filters.push((
        AppFilter { client_id: Some(client_id.clone()), ..none() },
        Box::new(move |app| app.client_id == client_id),
    ));
    for state in [AppState::Enabled, AppState::Disabled] {
        filters.push((AppFilter { state: Some(state), ..none() }, Box::new(move |app| app.state == state)));
    }
    for client_type in [ClientType::Confidential, ClientType::Public] {
        let filter = AppFilter { client_type: Some(client_type), ..none() };
        filters.push((filter, Box::new(move |app| app.client_type == client_type)));
    }
    let plan_id = apps.iter().find_map(|app| app.plan).unwrap().plan_id;
    filters.push((
        AppFilter { plan_id: Some(plan_id), ..none() },
        Box::new(move |app| app.plan.is_some_and(|plan| plan.plan_id == plan_id)),
    ));
    let region = fixtures::slug("region-1");
    filters.push((
        AppFilter { region_code: Some(region), ..none() },
        Box::new(|app| region_code(app) == Some("region-1")),
    ));
    let user_id = fixtures::system_user(&fixtures::instance(1), 1).id;
    filters.push((
        AppFilter { system_user_id: Some(user_id), ..none() },
        Box::new(move |app| app.settings.service_access == ServiceAccess::AsUser(user_id)),
    ));
    let scope = ScopeName::parse("write").unwrap();
    filters.push((
        AppFilter { scope: Some(scope), ..none() },
        Box::new(|app| app.settings.scopes.iter().any(|name| name.as_str() == "write")),
    ));
    for policy in [
        ReferenceTokenPolicy::None,
        ReferenceTokenPolicy::AuthenticatedUsers,
        ReferenceTokenPolicy::AdministratorsOnly,
    ] {
        let filter = AppFilter { reference_tokens: Some(policy), ..none() };
        filters.push((filter, Box::new(move |app| app.settings.reference_tokens == policy)));
    }
    for basic in [BasicAuthentication::Off, BasicAuthentication::Allowed] {
        let filter = AppFilter { basic_authentication: Some(basic), ..none() };
        filters.push((filter, Box::new(move |app| app.settings.basic_authentication == basic)));
    }
    filters
}

/// Both at once; where both say something about the same attribute, the first counts.
fn together(one: &AppFilter, two: &AppFilter) -> AppFilter {
    let (one, two) = (one.clone(), two.clone());
    AppFilter {
        search: one.search.or(two.search),
        client_id: one.client_id.or(two.client_id),
        state: one.state.or(two.state),
        client_type: one.client_type.or(two.client_type),
        plan_id: one.plan_id.or(two.plan_id),
        region_code: one.region_code.or(two.region_code),
        system_user_id: one.system_user_id.or(two.system_user_id),
        scope: one.scope.or(two.scope),
        reference_tokens: one.reference_tokens.or(two.reference_tokens),
        basic_authentication: one.basic_authentication.or(two.basic_authentication),
    }
}

/// Of a tenant and of an instance.
pub fn apps_are_filtered_by_every_attribute(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let apps = apps::every_form(store, &tenant);
    for app in &apps {
        assert_eq!(given::mutate(store, |writes| writes.insert_app(app)), Inserted::Inserted);
    }
    let assert_found = |filter: &AppFilter, expected: Vec<App>| {
        let page = Page::first(100);
        given::read(store, |reads| {
            assert_eq!(reads.list_apps(instance.id, tenant.id, filter, &page)?, expected, "{filter:?}");
            assert_eq!(reads.list_apps_of_instance(instance.id, filter, &page)?, expected, "{filter:?}");
            Ok(())
        });
    };
    let filters = filters(&apps);
    for (first, first_wants) in &filters {
        let expected: Vec<App> = apps.iter().filter(|app| first_wants(app)).cloned().collect();
        assert!((1..apps.len()).contains(&expected.len()), "it tells some apps from others: {first:?}");
        assert_found(first, expected);
        for (second, second_wants) in &filters {
            let both = together(first, second);
            if both == together(second, first) {
                let wanted = apps.iter().filter(|app| first_wants(app) && second_wants(app));
                assert_found(&both, wanted.cloned().collect());
            }
        }
    }
}

/// Nor one that is a part of another, nor one that differs in case.
pub fn a_scope_filter_matches_no_other_scope(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let scopes = [
        "read",
        "read-all",
        "app.read",
        "READ",
        "re_d",
        "re%",
        "x read:y",
        "write read zoo",
        "",
        ",",
        ", z",
        "! ,",
        "! , z",
        "a, ,b",
    ];
    for (names, number) in scopes.into_iter().zip(1..) {
        let mut app = fixtures::app(&tenant, number);
        app.settings.scopes = fixtures::scopes(names);
        assert_eq!(given::mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted);
    }
    for (scope, expected) in [
        ("read", vec!["App 1", "App 8"]),
        ("READ", vec!["App 4"]),
        ("re_d", vec!["App 5"]),
        ("re%", vec!["App 6"]),
        ("zoo", vec!["App 8"]),
        ("rea", vec![]),
        (",", vec!["App 10", "App 11", "App 12", "App 13"]),
    ] {
        let filter = AppFilter { scope: Some(ScopeName::parse(scope).unwrap()), ..AppFilter::default() };
        let page = Page::first(100);
        let found = given::read(store, |reads| reads.list_apps(instance.id, tenant.id, &filter, &page));
        let names: Vec<&str> = found.iter().map(|app| app.settings.name.as_str()).collect();
        assert_eq!(names, expected, "{scope}");
    }
}
