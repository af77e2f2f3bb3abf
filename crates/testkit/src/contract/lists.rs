//! Orders of lists and positions in them. The expected order is computed here, so it is the same everywhere.

use std::fmt::Debug;

use turnkeep_domain::app::App;
use turnkeep_domain::filter::{AppFilter, TenantFilter, UserFilter};
use turnkeep_domain::id::{AppId, TenantId, UserId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::page::{Direction, Order, Page};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::{User, UserName};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Names that collations of languages would put into other orders than their bytes do.
const NAMES: [&str; 19] = [
    "zebra",
    "Apple",
    "apple pie",
    "a-b",
    "ab",
    "a b",
    "a_b",
    "A.c",
    "Äpfel",
    "äpfel-2",
    "Öl",
    "über",
    "Zürich",
    "10 apps",
    "9 apps",
    "Straße",
    "éclair",
    "ｆｕｌｌ",
    "\u{1f600}",
];

const USER_NAMES: [&str; 9] = ["zoe", "Anna", "anna-2", "a_b", "a.b", "ab", "10", "9", "~"];

/// What a record is ordered by.
trait Listed: Clone + PartialEq + Debug {
    type Id: Copy + Ord;
    fn id(&self) -> Self::Id;
    fn sort_name(&self) -> String;
}

impl Listed for App {
    type Id = AppId;

    fn id(&self) -> AppId {
        self.id
    }

    fn sort_name(&self) -> String {
        self.settings.name.uniqueness_key()
    }
}

impl Listed for Tenant {
    type Id = TenantId;

    fn id(&self) -> TenantId {
        self.id
    }

    fn sort_name(&self) -> String {
        self.name.uniqueness_key()
    }
}

impl Listed for User {
    type Id = UserId;

    fn id(&self) -> UserId {
        self.id
    }

    fn sort_name(&self) -> String {
        self.name.as_str().to_owned()
    }
}

/// One page of a list.
type List<'a, R> = &'a dyn Fn(&Page<<R as Listed>::Id>) -> Vec<R>;

/// The page behind a record.
fn behind<R: Listed>(page: &Page<R::Id>, last: &R) -> Page<R::Id> {
    let order = match page.order {
        Order::Created { .. } => Order::Created { after: Some(last.id()) },
        Order::Name { .. } => Order::Name { after: Some((last.sort_name(), last.id())) },
    };
    Page { order, ..*page }
}

/// All pages from one on.
fn walk<R: Listed>(list: List<'_, R>, mut page: Page<R::Id>) -> Vec<R> {
    let mut all: Vec<R> = Vec::new();
    loop {
        let part = list(&page);
        assert!(part.len() <= usize::try_from(page.limit).unwrap());
        let Some(last) = part.last() else {
            return all;
        };
        page = behind(&page, last);
        all.extend(part);
    }
}

/// Every order, from both ends, in pages of several lengths.
fn assert_every_order<R: Listed>(records: &[R], list: List<'_, R>) {
    for limit in [1, 2, 5, 100] {
        for by_name in [false, true] {
            let first = if by_name { Page::by_name(limit) } else { Page::first(limit) };
            let mut expected = records.to_vec();
            expected.sort_by_key(|record| (by_name.then(|| record.sort_name()), record.id()));
            assert_eq!(walk(list, first.clone()), expected);
            expected.reverse();
            let descending = Page { direction: Direction::Descending, ..first };
            assert_eq!(walk(list, descending), expected);
        }
    }
}

fn named_app(tenant: &Tenant, number: u32, name: &str) -> App {
    let mut app = fixtures::app(tenant, number);
    app.settings.name = fixtures::name(name);
    app
}

fn insert_app(store: &dyn Store, app: &App) {
    assert_eq!(given::mutate(store, |writes| writes.insert_app(app)), Inserted::Inserted);
}

/// Of a tenant, and of all tenants of an instance, where the same names come twice.
pub fn apps_are_listed_in_every_order(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::tenant(store, &instance, 1);
    let two = given::tenant(store, &instance, 2);
    let mut all = Vec::new();
    for (name, number) in NAMES.into_iter().zip(1..) {
        // The ids of one tenant rise with the list, those of the other fall.
        let pair = [named_app(&one, number, name), named_app(&two, 200 - number, name)];
        pair.iter().for_each(|app| insert_app(store, app));
        all.extend(pair);
    }
    let every = AppFilter::default();
    assert_every_order(&all, &|page| {
        given::read(store, |reads| reads.list_apps_of_instance(instance.id, &every, page))
    });
    let of_one: Vec<App> = all.into_iter().filter(|app| app.tenant_id == one.id).collect();
    assert_every_order(&of_one, &|page| {
        given::read(store, |reads| reads.list_apps(instance.id, one.id, &every, page))
    });
}

fn insert_tenants(store: &dyn Store, instance: &Instance) -> Vec<Tenant> {
    let tenants = NAMES.into_iter().zip((1..100).rev()).map(|(name, number)| {
        let tenant = Tenant { name: fixtures::name(name), ..fixtures::tenant(instance, number) };
        assert_eq!(given::mutate(store, |writes| writes.insert_tenant(&tenant)), Inserted::Inserted);
        tenant
    });
    tenants.collect()
}

/// By creation and by name.
pub fn tenants_are_listed_in_every_order(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenants = insert_tenants(store, &instance);
    assert_every_order(&tenants, &|page| {
        given::read(store, |reads| reads.list_tenants(instance.id, &TenantFilter::default(), page))
    });
}

/// By creation and by user name.
pub fn users_are_listed_in_every_order(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let users: Vec<User> = USER_NAMES
        .into_iter()
        .zip((1..100).rev())
        .map(|(name, number)| {
            let name = UserName::parse(name).unwrap();
            let user = User { name, ..fixtures::user(&instance, number) };
            assert_eq!(given::mutate(store, |writes| writes.insert_user(&user)), Inserted::Inserted);
            user
        })
        .collect();
    assert_every_order(&users, &|page| {
        given::read(store, |reads| reads.list_users(instance.id, &UserFilter::default(), page))
    });
}

/// What lies before the position stays unseen, what lies behind it is seen; nothing else changes. A position works
/// even if its record is gone.
pub fn what_changes_meanwhile_moves_no_position(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let every = AppFilter::default();
    let list = |page: &Page<AppId>| {
        given::read(store, |reads| reads.list_apps(instance.id, tenant.id, &every, page))
    };
    let app = |number, name| {
        let app = named_app(&tenant, number, name);
        insert_app(store, &app);
        app
    };
    let [b, d, f, h] = [(40, "b"), (30, "d"), (20, "f"), (10, "h")].map(|(number, name)| app(number, name));
    let page = Page::by_name(2);
    assert_eq!(list(&page), [b, d.clone()]);
    let rest = behind(&page, &d);
    app(1, "a");
    app(50, "c");
    let [e, z] = [(2, "e"), (60, "z")].map(|(number, name)| app(number, name));
    let deleted = given::mutate(store, |writes| writes.delete_app(instance.id, tenant.id, d.id));
    assert_eq!(deleted, turnkeep_storage::outcome::Deleted::Deleted);
    assert_eq!(walk(&list, rest), [e, f, h, z]);
}

/// However long a page is asked for.
pub fn no_page_is_longer_than_allowed(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let longest = Page::<TenantId>::MAX_LIMIT;
    given::mutate(store, |writes| {
        for number in 1..=longest + 1 {
            assert_eq!(writes.insert_tenant(&fixtures::tenant(&instance, number))?, Inserted::Inserted);
        }
        for page in [Page::first(u32::MAX), Page::by_name(u32::MAX)] {
            let listed = writes.list_tenants(instance.id, &TenantFilter::default(), &page)?;
            assert_eq!(listed.len(), usize::try_from(longest).unwrap());
        }
        assert!(writes.list_tenants(instance.id, &TenantFilter::default(), &Page::first(0))?.is_empty());
        Ok(())
    });
}
