//! Searches in names: case and Unicode form do not count, and every sign stands for itself.

use turnkeep_domain::app::App;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::{AppFilter, Search, TenantFilter, UserFilter};
use turnkeep_domain::page::Page;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

const NAMES: [&str; 14] = [
    "100% sure",
    "100 sure",
    "a_b",
    "axb",
    "back\\slash",
    "back/slash",
    "Ümlaut",
    "Umlaut",
    "Straße",
    "[x]",
    "star*?",
    "It's -- one",
    "ＦＵＬＬ width",
    "x",
];

/// What is searched for, and the names that it is in.
const SEARCHES: [(&str, &[&str]); 17] = [
    ("%", &["100% sure"]),
    ("0%", &["100% sure"]),
    ("0 sure", &["100 sure"]),
    ("_", &["a_b"]),
    ("A_B", &["a_b"]),
    ("\\", &["back\\slash"]),
    ("back\\s", &["back\\slash"]),
    ("ümLAUT", &["Ümlaut"]),
    ("U\u{308}ml", &["Ümlaut"]),
    ("umlaut", &["Umlaut"]),
    ("[X]", &["[x]"]),
    ("*", &["star*?"]),
    ("?", &["star*?"]),
    ("'", &["It's -- one"]),
    ("full WIDTH", &["ＦＵＬＬ width"]),
    ("x", &["axb", "[x]", "x"]),
    ("nothing", &[]),
];

/// The expected names, in the order of [`NAMES`], which is that of creation.
fn expected(search: &Search, names: &[&'static str]) -> Vec<&'static str> {
    for name in NAMES {
        let matches = search.is_in(&fixtures::name(name).uniqueness_key());
        assert_eq!(matches, names.contains(&name), "{search:?} {name}");
    }
    names.to_vec()
}

/// Of a tenant and of an instance.
pub fn apps_are_found_by_a_part_of_their_name(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    for (name, number) in NAMES.into_iter().zip(1..) {
        let mut app = fixtures::app(&tenant, number);
        app.settings.name = fixtures::name(name);
        assert_eq!(given::mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted);
    }
    for (text, names) in SEARCHES {
        let search = Search::parse(text).unwrap();
        let expected = expected(&search, names);
        let filter = AppFilter { search: Some(search), ..AppFilter::default() };
        let page = Page::first(100);
        let (of_tenant, of_instance) = given::read(store, |reads| {
            let of_tenant = reads.list_apps(instance.id, tenant.id, &filter, &page)?;
            Ok((of_tenant, reads.list_apps_of_instance(instance.id, &filter, &page)?))
        });
        let found: Vec<&str> = of_tenant.iter().map(|app: &App| app.settings.name.as_str()).collect();
        let expected: Vec<_> = expected.into_iter().map(fixtures::name).collect();
        assert_eq!(found, expected.iter().map(DisplayName::as_str).collect::<Vec<_>>(), "{text}");
        assert_eq!(of_instance, of_tenant, "{text}");
    }
}

/// Alone, by state alone, and by both.
pub fn tenants_are_filtered_by_name_and_state(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let states = [TenantState::Active, TenantState::Suspended, TenantState::Closed];
    let tenants: Vec<Tenant> = NAMES
        .into_iter()
        .zip(states.into_iter().cycle())
        .zip(1..)
        .map(|((name, state), number)| {
            let name = fixtures::name(name);
            Tenant { name, state, ..fixtures::tenant(&instance, number) }
        })
        .collect();
    given::mutate(store, |writes| {
        for tenant in &tenants {
            assert_eq!(writes.insert_tenant(tenant)?, Inserted::Inserted);
        }
        Ok(())
    });
    let searches = SEARCHES.into_iter().map(|(text, _)| Some(Search::parse(text).unwrap())).chain([None]);
    for search in searches {
        let all_states = states.into_iter().chain([TenantState::PendingActivation]).map(Some).chain([None]);
        for state in all_states {
            let filter = TenantFilter { search: search.clone(), state };
            let wanted = |tenant: &&Tenant| {
                search.as_ref().is_none_or(|search| search.is_in(&tenant.name.uniqueness_key()))
                    && state.is_none_or(|state| state == tenant.state)
            };
            let expected: Vec<Tenant> = tenants.iter().filter(wanted).cloned().collect();
            let page = Page::first(100);
            let found = given::read(store, |reads| reads.list_tenants(instance.id, &filter, &page));
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

/// Alone, by kind and state, and by all of them; found by the whole name in any case, and by the display name.
pub fn users_are_filtered_by_name_kind_and_state(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let names = ["Anna", "anna-marie", "100%", "a_b", "axb", "back\\slash", "o'neil"];
    let kinds = [UserKind::Internal, UserKind::Community, UserKind::System];
    let states = [UserState::Active, UserState::Disabled];
    let users: Vec<User> = names
        .into_iter()
        .zip(kinds.into_iter().cycle().zip(states.into_iter().cycle()))
        .zip(1..)
        .map(|((name, (kind, state)), number)| {
            let user = fixtures::user(&instance, number);
            let display_name = if number == 3 { fixtures::name("Zoë WÜRTH") } else { user.display_name };
            User { name: UserName::parse(name).unwrap(), display_name, kind, state, ..user }
        })
        .collect();
    given::mutate(store, |writes| {
        for user in &users {
            assert_eq!(writes.insert_user(user)?, Inserted::Inserted);
            assert_eq!(writes.find_user_by_name(instance.id, &user.name)?.as_ref(), Some(user));
        }
        assert_eq!(writes.find_user_by_name(instance.id, &UserName::parse("an_a").unwrap())?, None);
        Ok(())
    });
    let is_in = |search: &Search, user: &User| {
        search.is_in(user.name.as_str()) || search.is_in(&user.display_name.uniqueness_key())
    };
    let searches =
        [("ANNA", 2), ("%", 1), ("_", 1), ("\\", 1), ("'", 1), ("a", 5), ("zoË würth", 1), ("zzz", 0)];
    for (text, count) in searches {
        let search = Search::parse(text).unwrap();
        assert_eq!(users.iter().filter(|user| is_in(&search, user)).count(), count, "{text}");
    }
    let searches = searches.into_iter().map(|(text, _)| Some(Search::parse(text).unwrap())).chain([None]);
    for search in searches {
        for kind in kinds.into_iter().map(Some).chain([None]) {
            for state in states.into_iter().map(Some).chain([None]) {
                let filter = UserFilter { search: search.clone(), kind, state };
                let wanted = |user: &&User| {
                    search.as_ref().is_none_or(|search| is_in(search, user))
                        && kind.is_none_or(|kind| kind == user.kind)
                        && state.is_none_or(|state| state == user.state)
                };
                let expected: Vec<User> = users.iter().filter(wanted).cloned().collect();
                let page = Page::first(100);
                let found = given::read(store, |reads| reads.list_users(instance.id, &filter, &page));
                assert_eq!(found, expected, "{filter:?}");
            }
        }
    }
}
