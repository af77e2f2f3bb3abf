//! Usage of an app and of a tenant, and the first page of a tenant.

use turnkeep_console::dashboard::app_tabs::AppHead;
use turnkeep_console::dashboard::app_usage::AppUsagePage;
use turnkeep_console::dashboard::chrome::NavItem;
use turnkeep_console::dashboard::tenant_overview::{NextStep, QuickLink, TenantOverviewPage};
use turnkeep_console::dashboard::tenant_usage::TenantUsagePage;
use turnkeep_console::parts::bar_chart::{Bar, BarChart};
use turnkeep_console::parts::gauge::{Gauge, GaugeLimit};
use turnkeep_console::parts::live_update::LiveUpdate;
use turnkeep_console::parts::row_chart::{ChartRow, RowChart};
use turnkeep_console::parts::usage_table::{UsageOfApp, UsageTable};
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::Texts;

pub(super) fn add(add: &mut Add<'_>) {
    for is_used in [false, true] {
        add(format!("dashboard app usage, used {is_used}"), &|texts| app_usage(texts, is_used));
        add(format!("dashboard tenant usage, used {is_used}"), &|texts| tenant_usage(texts, is_used));
        add(format!("dashboard tenant overview, used {is_used}"), &|texts| tenant_overview(texts, is_used));
    }
}

fn app_usage(texts: &Texts, is_used: bool) -> String {
    let tab = |id, is_here| NavItem { id, label: "Usage", path: texts.owned(), is_here };
    let tabs = vec![tab("tab-usage", true), tab("tab-audit", false)];
    let page = AppUsagePage {
        chrome: chrome(texts),
        head: AppHead { name: texts.owned(), is_enabled: is_used, tabs },
        plan: is_used.then(|| texts.owned()),
        windows: vec![gauge(texts, "used-hour", is_used), gauge(texts, "used-day", false)],
        units: vec![chart(texts, "units-by-hour", is_used), chart(texts, "units-by-day", is_used)],
        tokens: chart(texts, "tokens-by-hour", is_used),
        refusals: refusals(texts, is_used),
        live: LiveUpdate { path: texts.owned() },
    };
    page.render().unwrap()
}

fn tenant_usage(texts: &Texts, is_used: bool) -> String {
    let page = TenantUsagePage {
        chrome: chrome(texts),
        windows: vec![gauge(texts, "used-hour", false)],
        apps: table(texts, is_used),
        units: chart(texts, "units-by-day", is_used),
        refusals: refusals(texts, is_used),
        live: LiveUpdate { path: texts.owned() },
    };
    page.render().unwrap()
}

fn tenant_overview(texts: &Texts, is_used: bool) -> String {
    let link = |id| QuickLink { id, label: "Go on", path: texts.owned() };
    let step = |link| NextStep { heading: "First", text: "Make an app.", link };
    let page = TenantOverviewPage {
        chrome: chrome(texts),
        name: texts.owned(),
        state: texts.owned(),
        is_active: is_used,
        state_since: texts.moment(),
        next_step: Some(step((!is_used).then(|| link("first-app-link")))),
        apps: gauge(texts, "app-limit", true),
        links: vec![link("apps-link"), link("members-link")],
        windows: vec![gauge(texts, "used-hour", false)],
        usage: table(texts, is_used),
        refusals: refusals(texts, is_used),
        live: LiveUpdate { path: texts.owned() },
    };
    page.render().unwrap()
}

fn gauge(texts: &Texts, id: &'static str, is_limited: bool) -> Gauge {
    let limited = || GaugeLimit { limit: 100, percent: texts.owned(), alarm: Some("critical") };
    Gauge {
        id: id.into(),
        label: texts.owned().into(),
        unit: texts.owned().into(),
        used: 95,
        limited: is_limited.then(limited),
        resets_at: is_limited.then(|| texts.moment()),
    }
}

fn chart(texts: &Texts, id: &'static str, is_used: bool) -> BarChart {
    let bar = |amount| Bar { label: texts.owned(), amount };
    BarChart {
        id: id.into(),
        title: texts.owned(),
        label_heading: "Hour (UTC)".into(),
        amount_heading: "Document Units".into(),
        bars: if is_used { vec![bar(0), bar(7), bar(12)] } else { vec![bar(0)] },
        limit: is_used.then_some(10),
    }
}

fn refusals(texts: &Texts, is_used: bool) -> RowChart {
    let row = |note| ChartRow { code: texts.owned(), label: texts.owned(), amount: 7, note };
    RowChart {
        id: "refusals".into(),
        title: texts.owned(),
        label_heading: "Reason".into(),
        amount_heading: "Requests".into(),
        note_heading: "What to do".into(),
        empty: if is_used { "Nothing.".into() } else { texts.owned().into() },
        rows: if is_used { vec![row(Some(texts.owned())), row(None)] } else { Vec::new() },
    }
}

fn table(texts: &Texts, is_used: bool) -> UsageTable {
    if !is_used {
        return UsageTable { rows: Vec::new(), rest: None };
    }
    let row = |is_there: bool| UsageOfApp {
        name: texts.owned(),
        path: is_there.then(|| texts.owned()),
        plan: is_there.then(|| texts.owned()),
        units: [1, 2, 3],
        nearest: is_there.then(|| texts.owned()),
        alarm: is_there.then_some("critical"),
    };
    UsageTable { rows: vec![row(true), row(false)], rest: Some(texts.owned()) }
}
