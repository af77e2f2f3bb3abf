//! The first page and the list of apps.

use turnkeep_console::dashboard::apps::{AppItem, AppsPage};
use turnkeep_console::dashboard::home::{HomePage, NewestTenant, OperatorOffer, TenantItem};
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::Texts;

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard home".to_owned(), &|texts| {
        let item =
            |state| TenantItem { name: texts.owned(), role: texts.owned(), path: texts.owned(), state };
        let page = HomePage {
            chrome: chrome(texts),
            tenants: vec![item(None), item(Some(texts.owned()))],
            operator: Some(offer(texts, true)),
            protect_path: Some(texts.owned()),
        };
        page.render().unwrap()
    });
    add("dashboard home without a tenant".to_owned(), &|texts| {
        let operator = Some(offer(texts, false));
        HomePage { chrome: chrome(texts), tenants: Vec::new(), operator, protect_path: None }
            .render()
            .unwrap()
    });
    add("dashboard home without anything".to_owned(), &|texts| {
        HomePage { chrome: chrome(texts), tenants: Vec::new(), operator: None, protect_path: None }
            .render()
            .unwrap()
    });
    add("dashboard apps".to_owned(), &|texts| apps(texts, vec![app(texts, true), app(texts, false)]));
    add("dashboard apps without a search".to_owned(), &|texts| apps(texts, Vec::new()));
}

fn offer(texts: &Texts, has_tenants: bool) -> OperatorOffer {
    let newest = |state: Option<String>| NewestTenant {
        name: texts.owned(),
        path: texts.owned(),
        new_app_path: state.is_none().then(|| texts.owned()),
        state,
        created_at: texts.moment(),
    };
    OperatorOffer {
        tenants_path: texts.owned(),
        new_tenant_path: texts.owned(),
        newest: if has_tenants { vec![newest(None), newest(Some(texts.owned()))] } else { Vec::new() },
    }
}

fn app(texts: &Texts, is_enabled: bool) -> AppItem {
    AppItem {
        name: texts.owned(),
        path: texts.owned(),
        client_id: texts.owned(),
        region: texts.owned(),
        plan: is_enabled.then(|| texts.owned()),
        is_enabled,
        created_at: texts.moment(),
    }
}

fn apps(texts: &Texts, apps: Vec<AppItem>) -> String {
    let page = AppsPage {
        chrome: chrome(texts),
        path: texts.owned(),
        searched: texts.owned(),
        search_error: apps.is_empty().then(|| texts.owned()),
        next_path: (!apps.is_empty()).then(|| texts.owned()),
        count: texts.owned(),
        obstacle: apps.is_empty().then_some("Stopped."),
        apps,
        new_path: Some(texts.owned()),
    };
    page.render().unwrap()
}
