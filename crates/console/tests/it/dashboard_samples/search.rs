//! What a search found.

use turnkeep_console::dashboard::search::{FoundItem, FoundKind, SearchPage};
use turnkeep_console::render::Render;

use super::{Add, chrome};

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard search".to_owned(), &|texts| {
        let item = || FoundItem { name: texts.owned(), hint: texts.owned(), path: texts.owned() };
        let kinds =
            vec![FoundKind { id: "found-apps", title: "Apps", items: vec![item(), item()], is_cut: true }];
        SearchPage { chrome: chrome(texts), problem: None, kinds }.render().unwrap()
    });
    add("dashboard search without anything".to_owned(), &|texts| {
        SearchPage { chrome: chrome(texts), problem: None, kinds: Vec::new() }.render().unwrap()
    });
    add("dashboard search for what cannot be searched for".to_owned(), &|texts| {
        let problem = Some(texts.owned());
        SearchPage { chrome: chrome(texts), problem, kinds: Vec::new() }.render().unwrap()
    });
}
