//! The page that makes an app, and the one with its credentials.

use turnkeep_console::dashboard::code_samples::CodeSample;
use turnkeep_console::dashboard::new_app::{DomainField, NewAppForm, NewAppPage};
use turnkeep_console::dashboard::new_app_credentials::NewAppCredentialsPage;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::Texts;

pub(super) fn add(add: &mut Add<'_>) {
    for has_error in [false, true] {
        add(format!("dashboard new app, error {has_error}"), &|texts| {
            NewAppPage {
                chrome: chrome(texts),
                form: Some(form(texts, has_error)),
                is_full: false,
                apps_path: "/a".to_owned(),
            }
            .render()
            .unwrap()
        });
    }
    add("dashboard new app without a form".to_owned(), &|texts| {
        NewAppPage { chrome: chrome(texts), form: None, is_full: true, apps_path: texts.owned() }
            .render()
            .unwrap()
    });
    add("dashboard credentials of a new app".to_owned(), &credentials);
}

fn form(texts: &Texts, has_error: bool) -> NewAppForm {
    let error = || has_error.then(|| texts.owned());
    let field = |id: &'static str, kind| TextField {
        kind,
        hint: Some(texts.owned().into()),
        error: error(),
        ..TextField::line(id, "Field", texts.owned())
    };
    let choice = |is_disabled| Choice {
        value: texts.owned().into(),
        label: texts.owned().into(),
        hint: Some(texts.owned().into()),
        is_disabled,
    };
    let domain = |id| DomainField { field: field(id, TextKind::Line), stored: Some(texts.owned()) };
    NewAppForm {
        action: texts.owned(),
        name_check_path: texts.owned(),
        domain_preview_path: texts.owned(),
        region: ChoiceField {
            id: "region".into(),
            name: "region".into(),
            label: texts.owned().into(),
            chosen: String::new(),
            choices: vec![choice(false), choice(true)],
            hint: Some(texts.owned().into()),
            error: error(),
            style: ChoiceStyle::Buttons,
        },
        name: field("name", TextKind::Line),
        login_redirect_uris: field("login-redirect-uris", TextKind::Lines),
        logout_redirect_uris: field("logout-redirect-uris", TextKind::Lines),
        domains: vec![domain("domain-1"), domain("domain-2")],
    }
}

fn credentials(texts: &Texts) -> String {
    let sample = |id| CodeSample { id, language: "Python", usage: "Run it.", code: texts.owned() };
    let page = NewAppCredentialsPage {
        chrome: chrome(texts),
        app_name: texts.owned(),
        client_id: texts.owned(),
        client_secret: texts.text(),
        token_endpoint: texts.owned(),
        obstacles: vec![texts.owned(), texts.owned()],
        sign_in_path: Some(texts.owned()),
        curl: texts.owned(),
        samples: vec![sample("python"), sample("go")],
        app_path: texts.owned(),
    };
    page.render().unwrap()
}
