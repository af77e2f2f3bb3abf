//! The first page of an app, its settings, and the question before it is deleted.

use turnkeep_console::dashboard::app_delete::AppDeletePage;
use turnkeep_console::dashboard::app_overview::{
    AppOverviewPage, CheckItem, CheckMark, Fact, PlanForms, PlanOfApp, Verdict,
};
use turnkeep_console::dashboard::app_settings::{AppSettingsPage, ScopeItem};
use turnkeep_console::dashboard::app_tabs::AppHead;
use turnkeep_console::dashboard::chrome::NavItem;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::Texts;

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard app overview".to_owned(), &|texts| overview(texts, Variant::Usable));
    add("dashboard app overview disabled".to_owned(), &|texts| overview(texts, Variant::Disabled));
    for is_ready in [true, false] {
        add(format!("dashboard app overview for people, ready {is_ready}"), &|texts| {
            overview(texts, Variant::ForPeople { is_ready })
        });
    }
    add("dashboard app settings".to_owned(), &settings);
    add("dashboard app delete".to_owned(), &|texts| {
        let page = AppDeletePage {
            chrome: chrome(texts),
            head: head(texts, false),
            action: texts.owned(),
            name: line(texts, "confirm-name"),
            app_path: texts.owned(),
        };
        page.render().unwrap()
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    /// With everything that a manager who operates sees.
    Usable,
    /// On hold, for the same.
    Disabled,
    /// Without a plan, for somebody who only looks.
    ForPeople { is_ready: bool },
}

pub(super) fn head(texts: &Texts, is_enabled: bool) -> AppHead {
    let tab = |id, is_here| NavItem { id, label: "Tab", path: texts.owned(), is_here };
    AppHead {
        name: texts.owned(),
        is_enabled,
        tabs: vec![tab("tab-overview", true), tab("tab-settings", false)],
    }
}

fn overview(texts: &Texts, variant: Variant) -> String {
    let manages = !matches!(variant, Variant::ForPeople { .. });
    let path = || manages.then(|| texts.owned());
    let check = |mark, text| CheckItem { label: "The app is there", mark, since: Some(texts.moment()), text };
    let page = AppOverviewPage {
        chrome: chrome(texts),
        head: head(texts, variant != Variant::Disabled),
        verdict: match variant {
            Variant::Usable => Verdict::Possible { text: texts.owned() },
            Variant::ForPeople { is_ready } => Verdict::ForPeople { text: texts.owned(), is_ready },
            Variant::Disabled => Verdict::Impossible {
                code: "app_disabled",
                text: texts.owned(),
                since: Some(texts.moment()),
                advice: texts.owned(),
            },
        },
        checks: vec![
            check(CheckMark::Passed, None),
            check(CheckMark::Denied, Some(texts.owned())),
            check(CheckMark::NotNeeded, Some(texts.owned())),
            check(CheckMark::Open, Some(texts.owned())),
        ],
        state_since: texts.moment(),
        reference_tokens_path: path(),
        switch_action: path(),
        client_id: texts.owned(),
        facts: vec![Fact { id: "region", label: "Region", text: texts.owned() }],
        created_at: texts.moment(),
        settings: vec![Fact { id: "fact-scopes", label: "Scopes", text: texts.owned() }],
        settings_path: path(),
        warnings: if manages { vec![texts.owned(), texts.owned()] } else { Vec::new() },
        plan: manages.then(|| PlanOfApp {
            name: texts.owned(),
            code: texts.owned(),
            state: Some(texts.owned()),
            assigned_at: texts.moment(),
            on_hold_since: (variant == Variant::Disabled).then(|| texts.moment()),
            limits: if variant == Variant::Usable { vec![texts.owned()] } else { Vec::new() },
        }),
        plan_forms: manages.then(|| PlanForms {
            action: texts.owned(),
            version: 7,
            plans: choice(texts, "plan-id", ChoiceStyle::List),
        }),
        delete_path: path(),
    };
    page.render().unwrap()
}

fn settings(texts: &Texts) -> String {
    let buttons = |id| choice(texts, id, ChoiceStyle::Buttons);
    let lines = |id| TextField { kind: TextKind::Lines, ..line(texts, id) };
    let page = AppSettingsPage {
        chrome: chrome(texts),
        head: head(texts, true),
        action: texts.owned(),
        version: 7,
        name: line(texts, "name"),
        allowed_domains: vec![line(texts, "allowed-domain-1"), line(texts, "allowed-domain-2")],
        allowed_domains_error: Some(texts.owned()),
        sign_in: buttons("sign-in"),
        login_redirect_uris: lines("login-redirect-uris"),
        logout_redirect_uris: lines("logout-redirect-uris"),
        backchannel_logout_uri: line(texts, "backchannel-logout-uri"),
        pkce: Some(buttons("pkce")),
        service_access: buttons("service-access"),
        system_user: Some(choice(texts, "system-user", ChoiceStyle::List)),
        scopes: line(texts, "scopes"),
        known_scopes: [true, false]
            .map(|is_reserved| ScopeItem { name: texts.owned(), description: texts.owned(), is_reserved })
            .to_vec(),
        token_lifetime: line(texts, "token-lifetime"),
        reference_tokens: buttons("reference-tokens"),
        basic_authentication: buttons("basic-authentication"),
    };
    page.render().unwrap()
}

fn line(texts: &Texts, id: &'static str) -> TextField {
    TextField {
        id: id.into(),
        name: texts.owned().into(),
        label: texts.owned().into(),
        value: texts.owned(),
        hint: Some(texts.owned().into()),
        error: Some(texts.owned()),
        ..TextField::default()
    }
}

fn choice(texts: &Texts, id: &'static str, style: ChoiceStyle) -> ChoiceField {
    let item = |is_disabled| Choice {
        value: texts.owned().into(),
        label: texts.owned().into(),
        hint: (style == ChoiceStyle::Buttons).then(|| texts.owned().into()),
        is_disabled,
    };
    ChoiceField {
        id: id.into(),
        name: texts.owned().into(),
        label: texts.owned().into(),
        chosen: String::new(),
        choices: vec![item(false), item(true)],
        hint: Some(texts.owned().into()),
        error: Some(texts.owned()),
        style,
    }
}
