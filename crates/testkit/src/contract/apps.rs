//! Apps.

use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::page::Page;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Settings in which nothing is as in a new app.
fn full_settings(number: u32, service_access: ServiceAccess) -> AppSettings {
    let domain = |text| Some(AllowedDomain::parse(text).unwrap());
    AppSettings {
        name: fixtures::name(&format!("Full {number}")),
        allowed_domains: AllowedDomains::new([domain("app.example.com"), None, domain("localhost:3000")])
            .unwrap(),
        login_redirect_uris: RedirectUris::parse_list(["https://a.example/cb?x=1,2", "http://127.0.0.1:1/"])
            .unwrap(),
        logout_redirect_uris: RedirectUris::parse_list(["https://a.example/out"]).unwrap(),
        sign_in: SignIn::InternalAndCommunity,
        service_access,
        scopes: fixtures::scopes("read write urn:x:y'z"),
        reference_tokens: ReferenceTokenPolicy::AdministratorsOnly,
        basic_authentication: BasicAuthentication::Allowed,
        token_lifetime: TokenLifetime::from_secs(60).unwrap(),
        pkce: PkceRequirement::Optional,
        backchannel_logout_uri: Some(BackchannelLogoutUri::parse("https://a.example/over").unwrap()),
    }
}

/// Apps that have, between them, every variant of every attribute.
pub(super) fn every_form(store: &dyn Store, tenant: &Tenant) -> Vec<App> {
    let instance = fixtures::instance(1);
    let region = given::region(store, &instance, 1);
    let database = given::region_database(store, &region, 1);
    let plan = given::plan(store, &instance, 1);
    let user = given::system_user(store, &instance, 1);
    let mut apps: Vec<App> = (1..=5).map(|number| fixtures::app(tenant, number)).collect();
    let [_, vendor, platform, community, internal] = apps.as_mut_slice() else {
        return apps;
    };
    vendor.client_id = ClientId::parse("https://vendor.example/app?a=1&b='2'").unwrap();
    vendor.placement = fixtures::placement(&region, &database);
    vendor.settings = full_settings(2, ServiceAccess::AsUser(user.id));
    vendor.plan = Some(fixtures::plan_assignment(&plan));
    vendor.tokens_dead_below = ChangeSequence::from_number(i64::MAX);
    platform.client_type = ClientType::Public;
    platform.origin = AppOrigin::Platform;
    platform.state = AppState::Disabled;
    platform.state_since = fixtures::later(9);
    platform.settings = full_settings(3, ServiceAccess::Disabled);
    community.placement = Placement::RegionOnly { region_id: region.id, region_code: region.code.clone() };
    community.settings.sign_in = SignIn::Community;
    community.settings.reference_tokens = ReferenceTokenPolicy::AuthenticatedUsers;
    let on_hold = AssignmentState::OnHold { since: fixtures::later(5) };
    community.plan = Some(PlanAssignment { state: on_hold, ..fixtures::plan_assignment(&plan) });
    internal.settings.sign_in = SignIn::Internal;
    apps
}

/// Inserted in every form, found by id, client id and tenant, and counted.
pub fn every_form_of_an_app_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let apps = every_form(store, &tenant);
    for app in &apps {
        assert_eq!(given::mutate(store, |writes| writes.insert_app(app)), Inserted::Inserted);
        given::read(store, |reads| {
            assert_eq!(reads.find_app(instance.id, tenant.id, app.id)?.as_ref(), Some(app));
            assert_eq!(reads.find_app_by_client_id(instance.id, &app.client_id)?.as_ref(), Some(app));
            assert_eq!(reads.find_tenant_of_app(instance.id, app.id)?, Some(tenant.id));
            Ok(())
        });
    }
    assert_eq!(given::read(store, |reads| reads.count_apps(instance.id, tenant.id)), 5);
}

/// From every form to every other: what was set can be unset.
pub fn an_update_writes_what_may_change(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let forms = every_form(store, &tenant);
    let mut stored = given::app(store, &tenant, 99);
    for form in forms.iter().chain(forms.iter().rev()) {
        let changed = App {
            state: form.state,
            settings: form.settings.clone(),
            plan: form.plan,
            tokens_dead_below: form.tokens_dead_below,
            state_since: form.state_since,
            version: stored.version.next(),
            ..stored.clone()
        };
        let updated = given::mutate(store, |writes| writes.update_app(&changed, stored.version));
        assert_eq!(updated, Updated::Updated);
        let found = given::read(store, |reads| reads.find_app(instance.id, tenant.id, stored.id));
        assert_eq!(found.as_ref(), Some(&changed));
        stored = changed;
    }
}

/// Client id, client type, origin, placement and time of creation are not written.
pub fn an_update_leaves_what_never_changes(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let region = given::region(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    let changed = App {
        client_id: ClientId::parse("com.example/other").unwrap(),
        client_type: ClientType::Public,
        origin: AppOrigin::Platform,
        placement: Placement::RegionOnly { region_id: region.id, region_code: region.code },
        created_at: fixtures::later(5),
        version: app.version.next(),
        ..app.clone()
    };
    given::mutate(store, |writes| {
        assert_eq!(writes.update_app(&changed, app.version)?, Updated::Updated);
        let expected = App { version: app.version.next(), ..app.clone() };
        assert_eq!(writes.find_app(instance.id, tenant.id, app.id)?, Some(expected));
        Ok(())
    });
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_an_app(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    let changed = App { state: AppState::Disabled, version: app.version.next(), ..app.clone() };
    let late = App { state: AppState::Enabled, ..changed.clone() };
    assert_eq!(given::mutate(store, |writes| writes.update_app(&changed, app.version)), Updated::Updated);
    assert_eq!(given::mutate(store, |writes| writes.update_app(&late, app.version)), Updated::Stale);
    let found = given::read(store, |reads| reads.find_app(instance.id, tenant.id, app.id));
    assert_eq!(found, Some(changed));
}

/// One vendor app is registered once in each instance, and only once there, whoever owns it (seed 002).
pub fn a_client_id_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let one = given::tenant(store, &here, 1);
    let two = given::tenant(store, &here, 2);
    let three = given::tenant(store, &there, 3);
    let app = given::app(store, &one, 1);
    let same_id = App { client_id: app.client_id.clone(), ..fixtures::app(&two, 2) };
    let elsewhere = App { client_id: app.client_id.clone(), ..fixtures::app(&three, 3) };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_app(&same_id)?, Inserted::Conflict);
        assert_eq!(writes.find_app(here.id, two.id, same_id.id)?, None);
        assert_eq!(writes.insert_app(&elsewhere)?, Inserted::Inserted);
        assert_eq!(writes.find_app_by_client_id(here.id, &app.client_id)?.as_ref(), Some(&app));
        assert_eq!(writes.find_app_by_client_id(there.id, &app.client_id)?.as_ref(), Some(&elsewhere));
        Ok(())
    });
}

/// Client ids are compared byte for byte.
pub fn client_ids_that_differ_in_case_are_different(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let spellings = ["com.vendor/app", "COM.vendor/app", "com.vendor/APP", "com.vendor/app/"];
    for (text, number) in spellings.into_iter().zip(1..) {
        let client_id = ClientId::parse(text).unwrap();
        let app = App { client_id: client_id.clone(), ..fixtures::app(&tenant, number) };
        given::mutate(store, |writes| {
            assert_eq!(writes.find_app_by_client_id(instance.id, &client_id)?, None, "{text}");
            assert_eq!(writes.insert_app(&app)?, Inserted::Inserted, "{text}");
            Ok(())
        });
    }
}

/// Names that a person would take for the same are the same, within one tenant (seed 001).
pub fn an_app_name_is_taken_once_in_a_tenant(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::tenant(store, &instance, 1);
    let two = given::tenant(store, &instance, 2);
    let named = |tenant, number, text| {
        let mut app = fixtures::app(tenant, number);
        app.settings.name = fixtures::name(text);
        app
    };
    let portal = named(&one, 1, "Customer Portal");
    let same_name = named(&one, 2, "customer  PORTAL");
    let elsewhere = named(&two, 3, "Customer Portal");
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_app(&portal)?, Inserted::Inserted);
        assert_eq!(writes.insert_app(&same_name)?, Inserted::Conflict);
        assert_eq!(writes.insert_app(&elsewhere)?, Inserted::Inserted);
        let key = same_name.settings.name.uniqueness_key();
        assert!(writes.app_name_taken(instance.id, one.id, &key, None)?);
        assert!(!writes.app_name_taken(instance.id, one.id, &key, Some(portal.id))?);
        assert!(!writes.app_name_taken(instance.id, one.id, "portal", None)?);
        Ok(())
    });
}

/// Pages follow each other without gap or overlap, of a tenant and of the instance.
pub fn apps_are_listed_page_by_page(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::tenant(store, &instance, 1);
    let two = given::tenant(store, &instance, 2);
    let apps: Vec<App> =
        (1..=6).map(|number| given::app(store, if number % 2 == 0 { &one } else { &two }, number)).collect();
    let of_one: Vec<App> = apps.iter().filter(|app| app.tenant_id == one.id).cloned().collect();
    given::read(store, |reads| {
        let every = AppFilter::default();
        let first = reads.list_apps(instance.id, one.id, &every, &Page::first(2))?;
        let after = first.last().unwrap().id;
        let second = reads.list_apps(instance.id, one.id, &every, &Page::after(after, 2))?;
        assert_eq!([first, second].concat(), of_one);
        let first = reads.list_apps_of_instance(instance.id, &every, &Page::first(4))?;
        let after = first.last().unwrap().id;
        let second = reads.list_apps_of_instance(instance.id, &every, &Page::after(after, 4))?;
        assert_eq!((first.len(), second.len()), (4, 2));
        assert_eq!([first, second].concat(), apps);
        Ok(())
    });
}

/// Only apps of the tenant whose plan is free count.
pub fn apps_on_free_plans_are_counted(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let paid = given::plan(store, &instance, 1);
    let free = Plan { price: PlanPrice::Free, ..fixtures::plan(&instance, 2) };
    assert_eq!(given::mutate(store, |writes| writes.insert_plan(&free)), Inserted::Inserted);
    let one = given::tenant(store, &instance, 1);
    let two = given::tenant(store, &instance, 2);
    let on = |tenant, number, plan: Option<&Plan>| App {
        plan: plan.map(fixtures::plan_assignment),
        ..fixtures::app(tenant, number)
    };
    let apps =
        [on(&one, 1, Some(&free)), on(&one, 2, Some(&paid)), on(&one, 3, None), on(&two, 4, Some(&free))];
    given::mutate(store, |writes| {
        for app in &apps {
            assert_eq!(writes.insert_app(app)?, Inserted::Inserted);
        }
        let [first, second, _, _] = &apps;
        assert_eq!(writes.count_apps_on_free_plans(instance.id, one.id, None)?, 1);
        assert_eq!(writes.count_apps_on_free_plans(instance.id, one.id, Some(first.id))?, 0);
        assert_eq!(writes.count_apps_on_free_plans(instance.id, one.id, Some(second.id))?, 1);
        Ok(())
    });
}

/// Whichever tenant has it, and in its own instance only.
pub fn the_app_of_the_platform_is_found_among_those_of_customers(store: &dyn Store) {
    let [instance, other] = [1, 2].map(|number| given::instance(store, number));
    let [one, two] = [1, 2].map(|number| given::tenant(store, &instance, number));
    let of_platform = |tenant, number| App { origin: AppOrigin::Platform, ..fixtures::app(tenant, number) };
    let (platform, later) = (of_platform(&two, 2), of_platform(&one, 4));
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_app(&fixtures::app(&one, 1))?, Inserted::Inserted);
        assert_eq!(writes.find_platform_app(instance.id)?, None);
        for app in [&platform, &later] {
            assert_eq!(writes.insert_app(app)?, Inserted::Inserted);
        }
        assert_eq!(writes.find_platform_app(instance.id)?, Some(platform.clone()));
        assert_eq!(writes.find_platform_app(other.id)?, None);
        Ok(())
    });
}

/// How many apps of which tenant a plan has, and which plan each app of a tenant.
pub fn who_is_on_a_plan_is_known_by_plan_and_by_tenant(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let [pro, basic, unused] = [1, 2, 3].map(|number| given::plan(store, &instance, number));
    let [one, two] = [1, 2].map(|number| given::tenant(store, &instance, number));
    let on = |tenant, number, plan: Option<&Plan>| App {
        plan: plan.map(fixtures::plan_assignment),
        ..fixtures::app(tenant, number)
    };
    let apps = [
        on(&one, 1, Some(&pro)),
        on(&one, 2, Some(&basic)),
        on(&one, 3, None),
        on(&two, 4, Some(&pro)),
        on(&one, 5, Some(&pro)),
    ];
    given::mutate(store, |writes| {
        for app in &apps {
            assert_eq!(writes.insert_app(app)?, Inserted::Inserted);
        }
        let [first, second, _, fourth, fifth] = apps.each_ref().map(|app| app.id);
        assert_eq!(writes.count_apps_on_plan(instance.id, pro.id)?, [(one.id, 2), (two.id, 1)].into());
        assert_eq!(writes.count_apps_on_plan(instance.id, basic.id)?, [(one.id, 1)].into());
        assert_eq!(writes.count_apps_on_plan(instance.id, unused.id)?, [].into());
        let of_one = [(first, pro.id), (second, basic.id), (fifth, pro.id)];
        assert_eq!(writes.list_plans_of_apps(instance.id, one.id)?, of_one.into());
        assert_eq!(writes.list_plans_of_apps(instance.id, two.id)?, [(fourth, pro.id)].into());
        Ok(())
    });
}

/// Nothing of it is left, so that its client id and name are free again.
pub fn a_deleted_app_is_gone_with_its_secrets(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    let other = given::app(store, &tenant, 2);
    given::secret(store, &app, 1);
    given::secret(store, &other, 2);
    given::mutate(store, |writes| {
        assert_eq!(writes.delete_app(instance.id, tenant.id, app.id)?, Deleted::Deleted);
        assert_eq!(writes.delete_app(instance.id, tenant.id, app.id)?, Deleted::Unknown);
        assert_eq!(writes.find_app_by_client_id(instance.id, &app.client_id)?, None);
        assert!(writes.list_secrets(tenant.id, app.id)?.is_empty());
        assert_eq!(writes.list_secrets(tenant.id, other.id)?.len(), 1);
        assert_eq!(writes.count_apps(instance.id, tenant.id)?, 1);
        assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
        assert!(writes.list_secrets(tenant.id, app.id)?.is_empty());
        Ok(())
    });
}

/// Of all tenants of the instance; their versions stay as they are.
pub fn killing_a_system_user_marks_its_apps(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::system_user(store, &instance, 1);
    let tenant = given::tenant(store, &instance, 1);
    let mut acting = fixtures::app(&tenant, 1);
    acting.settings.service_access = ServiceAccess::AsUser(user.id);
    let bystander = given::app(store, &tenant, 2);
    let mark = ChangeSequence::from_number(42);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_app(&acting)?, Inserted::Inserted);
        assert_eq!(writes.kill_tokens_of_system_user(instance.id, user.id, mark)?, 1);
        let killed = App { tokens_dead_below: mark, ..acting.clone() };
        assert_eq!(writes.find_app(instance.id, tenant.id, acting.id)?, Some(killed));
        assert_eq!(writes.find_app(instance.id, tenant.id, bystander.id)?, Some(bystander));
        Ok(())
    });
}
