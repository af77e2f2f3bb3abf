//! The pages of the dashboard, in all their variants, filled with given texts.

use turnkeep_console::dashboard::chrome::{Chrome, Link, NavGroup, NavItem};
use turnkeep_console::parts::notice::{Notice, Tone};

use crate::samples::Texts;

mod app_pages;
mod app_parts;
mod lists;
mod new_app;
mod operators;
mod people_and_audit;
mod search;
mod server_pages;
mod usage;

/// What adds a page: its name, and what makes it of texts.
pub(crate) type Add<'a> = dyn FnMut(String, &dyn Fn(&Texts) -> String) + 'a;

/// All of them.
pub(crate) fn add_all(add: &mut Add<'_>) {
    app_pages::add(add);
    app_parts::add(add);
    lists::add(add);
    new_app::add(add);
    operators::add(add);
    people_and_audit::add(add);
    search::add(add);
    server_pages::add(add);
    usage::add(add);
}

/// Surroundings with everything in them.
pub(crate) fn chrome(texts: &Texts) -> Chrome<'static> {
    let item = |id: &'static str, is_here| NavItem { id, label: "Apps", path: texts.owned(), is_here };
    Chrome {
        frame: texts.frame(),
        csrf: texts.owned(),
        person: texts.owned(),
        home_path: texts.owned(),
        account_path: texts.owned(),
        sign_out_action: texts.owned(),
        search_action: texts.owned(),
        searched: texts.owned(),
        search_from: Some(texts.owned()),
        groups: vec![NavGroup {
            title: texts.owned(),
            items: vec![item("nav-one", true), item("nav-two", false)],
        }],
        crumbs: vec![Link { label: texts.owned().into(), path: texts.owned() }],
        notice: Some(Notice { tone: Tone::Problem, code: Some(texts.owned()), text: texts.owned() }),
        session_notice: texts.session_notice(),
    }
}
