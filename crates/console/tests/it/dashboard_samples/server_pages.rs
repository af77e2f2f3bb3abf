//! Instances, signing keys, nodes and the review.

use turnkeep_console::dashboard::first_operator_link::FirstOperatorLinkPage;
use turnkeep_console::dashboard::instances::{
    InstanceItem, InstancePage, InstanceSwitch, InstancesPage, WayIn,
};
use turnkeep_console::dashboard::keys::{KeyItem, KeysPage};
use turnkeep_console::dashboard::node::{Fact, LevelItem, NodeGuard, NodeItem, NodePage, SignalItem};
use turnkeep_console::dashboard::review::{ReviewItem, ReviewPage};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::{Texts, tick};

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard keys".to_owned(), &keys);
    for is_strained in [true, false] {
        add(format!("dashboard node {is_strained}"), &|texts| node(texts, is_strained));
    }
    for number in 0..4 {
        add(format!("dashboard instance {number}"), &|texts| instance(texts, number));
    }
    add("dashboard first operator".to_owned(), &|texts| {
        let link = texts.owned();
        let page = FirstOperatorLinkPage {
            chrome: chrome(texts),
            instance: texts.owned(),
            link: &link,
            expires_at: texts.moment(),
            instance_path: texts.owned(),
        };
        page.render().unwrap()
    });
    add("dashboard review".to_owned(), &review);
    add("dashboard instances".to_owned(), &instances);
}

fn text_field(texts: &Texts, name: &'static str) -> TextField {
    TextField { error: Some(texts.owned()), ..TextField::line(name, "Name", texts.owned()) }
}

fn choice_field(texts: &Texts, name: &'static str) -> ChoiceField {
    let choice = || Choice::of(texts.owned(), texts.owned());
    ChoiceField {
        id: name.into(),
        name: name.into(),
        label: "Choice".into(),
        choices: vec![choice(), choice()],
        error: Some(texts.owned()),
        ..ChoiceField::default()
    }
}

fn keys(texts: &Texts) -> String {
    let key = |at| KeyItem {
        id: texts.owned(),
        algorithm: texts.owned(),
        state: "signs",
        at,
        created_at: texts.moment(),
    };
    let page = KeysPage {
        chrome: chrome(texts),
        keys: vec![key(None), key(Some(texts.moment()))],
        algorithms: vec![texts.owned(), texts.owned()],
        rotate_action: texts.owned(),
        key_set_url: texts.owned(),
    };
    page.render().unwrap()
}

fn node(texts: &Texts, is_strained: bool) -> String {
    let item = |is_this| NodeItem {
        id: texts.owned(),
        applied: texts.owned(),
        registered_at: texts.moment(),
        is_this,
    };
    let level = |name, is_now| LevelItem { name, passes: "Everything.", refused: "Nothing.", is_now };
    let signal = |is_known: bool| SignalItem {
        code: if is_known { "cpu" } else { "memory" },
        name: "Processors in use",
        now: is_known.then(|| texts.owned()),
        limits: [is_known.then(|| texts.owned()), None, None],
    };
    let page = NodePage {
        chrome: chrome(texts),
        path: texts.owned(),
        guard: NodeGuard {
            level: "normal",
            is_strained,
            reason: is_strained.then(|| texts.owned()),
            levels: vec![level("normal", !is_strained), level("slow", is_strained)],
            signals: if is_strained { vec![signal(true), signal(false)] } else { Vec::new() },
        },
        facts: vec![Fact { name: "apps", value: texts.owned() }],
        nodes: if is_strained { Vec::new() } else { vec![item(true), item(false)] },
    };
    page.render().unwrap()
}

fn review(texts: &Texts) -> String {
    let item = |findings: Vec<&'static str>| ReviewItem {
        name: texts.owned(),
        path: texts.owned(),
        tenant: texts.owned(),
        owners: findings.iter().map(|_| texts.owned()).collect(),
        scopes: texts.owned(),
        last_used_at: findings.first().map(|_| texts.moment()),
        findings,
    };
    let page = ReviewPage {
        chrome: chrome(texts),
        path: texts.owned(),
        finding: choice_field(texts, "finding"),
        apps: vec![item(vec!["no owner", "old secret"]), item(Vec::new())],
        next_path: Some(texts.owned()),
    };
    page.render().unwrap()
}

fn instances(texts: &Texts) -> String {
    let item = |is_active| InstanceItem {
        name: texts.owned(),
        path: texts.owned(),
        issuer: texts.owned(),
        is_active,
        created_at: texts.moment(),
    };
    let page = InstancesPage {
        chrome: chrome(texts),
        instances: vec![item(true), item(false)],
        create_action: texts.owned(),
        slug: text_field(texts, "slug"),
        name: text_field(texts, "name"),
        accent: choice_field(texts, "accent"),
    };
    page.render().unwrap()
}

fn way_in(texts: &Texts, number: usize) -> WayIn {
    match number {
        0 => WayIn::Here,
        1 => WayIn::Closed,
        2 => WayIn::Operated {
            dashboard_path: texts.owned(),
            operators: vec![texts.owned(), texts.owned()],
            command: texts.owned(),
        },
        _ => WayIn::Unoperated {
            dashboard_path: texts.owned(),
            link_action: texts.owned(),
            once: texts.owned(),
        },
    }
}

fn switch(texts: &Texts, number: usize) -> InstanceSwitch {
    let tick = |has_error| tick(texts, "instance-stops", "disable-warning", has_error);
    match number {
        0 => InstanceSwitch::Stays,
        1 => InstanceSwitch::Enable { action: texts.owned() },
        2 => InstanceSwitch::Disable { action: texts.owned(), tick: tick(false) },
        _ => InstanceSwitch::Disable { action: texts.owned(), tick: tick(true) },
    }
}

fn instance(texts: &Texts, number: usize) -> String {
    let page = InstancePage {
        chrome: chrome(texts),
        heading: texts.owned(),
        issuer: texts.owned(),
        is_active: number != 1,
        state_since: texts.moment(),
        version: 3,
        update_action: texts.owned(),
        name: text_field(texts, "name"),
        accent: choice_field(texts, "accent"),
        way_in: way_in(texts, number),
        switch: switch(texts, number),
    };
    page.render().unwrap()
}
