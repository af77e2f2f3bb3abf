//! The pages of operators: lists, records with everything that a record can have, and the welcome link.

use turnkeep_console::dashboard::chrome::Link;
use turnkeep_console::dashboard::list_page::{ListFilter, ListPage, ListedTable, Nothing};
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage, TablePanel};
use turnkeep_console::dashboard::welcome_link::WelcomeLinkPage;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::data_table::{Cell, DataTable, RowTick};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::step_panel::{Step, StepPanel, StepWay};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::{Texts, tick};

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard list".to_owned(), &list);
    for nothing in [Nothing::Yet { title: "No plan yet", text: "Make one." }, Nothing::Found] {
        add(format!("dashboard list with nothing {nothing:?}"), &|texts| {
            ListPage {
                chrome: chrome(texts),
                title: texts.owned(),
                lead: texts.text(),
                links: Vec::new(),
                filter: None,
                tables: Vec::new(),
                nothing: Some(nothing),
                next_path: None,
            }
            .render()
            .unwrap()
        });
    }
    for has_error in [false, true] {
        add(format!("dashboard record, error {has_error}"), &|texts| record(texts, has_error));
    }
    for is_mailed in [false, true] {
        add(format!("dashboard welcome link, mailed {is_mailed}"), &|texts| {
            WelcomeLinkPage {
                chrome: chrome(texts),
                person: texts.owned(),
                link: texts.text(),
                expires_at: texts.moment(),
                mailed_to: is_mailed.then(|| texts.owned()),
                person_path: texts.owned(),
            }
            .render()
            .unwrap()
        });
    }
}

fn link(texts: &Texts) -> Link {
    Link { label: texts.owned().into(), path: texts.owned() }
}

fn list(texts: &Texts) -> String {
    let listed =
        |heading, table, hint| ListedTable { heading, state: Some((texts.owned(), true)), table, hint };
    let page = ListPage {
        chrome: chrome(texts),
        title: texts.owned(),
        lead: texts.text(),
        links: vec![("new-link", link(texts)), ("other-link", link(texts))],
        filter: Some(ListFilter {
            action: texts.owned(),
            fields: vec![
                FormField::Text(TextField::line("filter", "Name", texts.owned())),
                FormField::Choice(choices(texts, None)),
                FormField::Hidden("kind", texts.owned()),
                FormField::Heading("More"),
            ],
        }),
        tables: vec![
            listed(Some(link(texts)), Some(table(texts, "first", false)), None),
            listed(Some(link(texts)), None, Some("There is no database yet.")),
        ],
        nothing: None,
        next_path: Some(texts.owned()),
    };
    page.render().unwrap()
}

fn record(texts: &Texts, has_error: bool) -> String {
    let fact = |id, value| RecordFact { id, label: "Fact", value };
    let page = RecordPage {
        chrome: chrome(texts),
        title: texts.owned(),
        lead: Some(texts.text()),
        state: Some((texts.owned(), has_error)),
        facts: vec![
            fact("fact-text", FactValue::Text(texts.owned())),
            fact("fact-code", FactValue::Code(texts.owned())),
            fact("fact-moment", FactValue::Moment(texts.moment())),
        ],
        panels: vec![
            Panel::Form(form(texts, ("record-form", Some(texts.owned())), has_error)),
            Panel::Form(FormPanel { fields: Vec::new(), ..form(texts, ("look-form", None), false) }),
            Panel::Steps(steps(texts)),
            Panel::Table(TablePanel {
                id: "parts",
                title: texts.owned(),
                hint: Some(texts.owned()),
                table: Some(table(texts, "second", has_error)),
                link: Some(("part-link", link(texts))),
            }),
        ],
    };
    page.render().unwrap()
}

fn form(texts: &Texts, (id, csrf): (&'static str, Option<String>), has_error: bool) -> FormPanel {
    let error = || has_error.then(|| texts.owned());
    let fields = if csrf.is_some() {
        vec![
            FormField::Heading("A heading"),
            FormField::Text(TextField {
                kind: TextKind::Number,
                hint: Some(texts.owned().into()),
                error: error(),
                ..TextField::line("limit", "Limit", texts.owned())
            }),
            FormField::Choice(choices(texts, error())),
            FormField::Hidden("hidden", texts.owned()),
        ]
    } else {
        Vec::new()
    };
    FormPanel {
        id: id.into(),
        title: texts.owned().into(),
        hint: Some(texts.owned().into()),
        action: texts.owned(),
        csrf,
        version: Some(7),
        fields,
        button_id: format!("{id}-button").into(),
        button: texts.owned().into(),
        is_danger: has_error,
        keep_path: has_error.then(|| texts.owned()),
    }
}

fn choices(texts: &Texts, error: Option<String>) -> ChoiceField {
    let choice = || Choice::of(texts.owned(), texts.owned());
    ChoiceField {
        id: "choice".into(),
        name: "choice".into(),
        label: texts.owned().into(),
        choices: vec![choice(), choice()],
        error,
        ..ChoiceField::default()
    }
}

fn steps(texts: &Texts) -> StepPanel {
    let step = |id, way| Step {
        id,
        name: texts.owned().into(),
        hint: texts.owned().into(),
        way,
        button: texts.owned().into(),
    };
    StepPanel {
        id: "life".into(),
        title: texts.owned().into(),
        csrf: texts.owned(),
        steps: vec![
            step("activate", StepWay::Sent { action: texts.owned(), is_danger: false }),
            step("suspend", StepWay::Sent { action: texts.owned(), is_danger: true }),
            step("welcome", StepWay::SentOnce { action: texts.owned(), once: texts.owned() }),
            step("retire", StepWay::Page(texts.owned())),
        ],
    }
}

fn table(texts: &Texts, id: &'static str, has_error: bool) -> DataTable {
    let row = |number: u32| {
        vec![
            Cell::Link { path: texts.owned(), text: texts.owned() },
            Cell::Text(texts.owned()),
            Cell::Code(texts.owned()),
            Cell::State { word: texts.owned(), is_on: number == 0 },
            Cell::Moment(texts.moment()),
            Cell::Meter { used: number, limit: 0, text: texts.owned() },
            Cell::Button {
                id: format!("{id}-remove-{number}"),
                action: texts.owned(),
                csrf: texts.owned(),
                field: ("app_id", texts.owned()),
                label: "Remove",
                about: texts.owned(),
                tick: None,
            },
            Cell::Button {
                id: format!("{id}-delete-{number}"),
                action: texts.owned(),
                csrf: texts.owned(),
                field: ("name", texts.owned()),
                label: "Delete",
                about: texts.owned(),
                tick: Some(Box::new(RowTick {
                    warning: texts.owned(),
                    field: tick(
                        texts,
                        format!("{id}-is-lost-{number}"),
                        format!("{id}-warning-{number}"),
                        has_error && number == 1,
                    ),
                })),
            },
        ]
    };
    DataTable {
        id: id.into(),
        label: texts.owned().into(),
        headings: vec!["Name", "Text", "Code", "State", "Made", "Room", "Remove", "Delete"],
        rows: vec![row(0), row(1)],
    }
}
