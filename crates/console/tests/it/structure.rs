//! What holds for every page: nothing inline, nothing from elsewhere, labels, ids, forms.

use std::collections::BTreeSet;

use turnkeep_console::assets;

use crate::markup::{Tag, tag_with_id, tags};
use crate::samples;

fn each_page(check: impl Fn(&str, &[Tag])) {
    // Paths begin with a slash, and texts with markup must not change what a page is made of.
    for prefix in ["/plain", "/<script>\"'&"] {
        for sample in samples::all(prefix) {
            check(&sample.name, &tags(&sample.html));
        }
    }
}

#[test]
fn no_page_has_inline_script_or_inline_style() {
    each_page(|page, tags| {
        for tag in tags {
            assert_ne!(tag.name, "style", "{page}");
            assert!(tag.name != "script" || tag.attribute("src").is_some(), "{page}");
            for name in tag.attribute_names() {
                assert!(name != "style" && !name.starts_with("on"), "{page}: {name}");
            }
        }
    });
    for sample in samples::all("x") {
        let starts = sample.html.matches("<script").count();
        assert_eq!(starts, sample.html.matches("defer></script>").count(), "{}", sample.name);
    }
}

#[test]
fn no_page_loads_anything_from_elsewhere() {
    each_page(|page, tags| {
        for tag in tags {
            for name in ["src", "href", "data-options"] {
                let Some(address) = tag.attribute(name) else { continue };
                let is_here = address.starts_with('/') && !address.starts_with("//");
                assert!(is_here || ["#main", "data:,"].contains(&address), "{page}: {address}");
            }
        }
    });
}

#[test]
fn the_assets_load_nothing_from_elsewhere() {
    for asset in assets::all() {
        let text = std::str::from_utf8(asset.body).unwrap();
        for word in ["url(", "@import", "http:", "https:", "//cdn", "import(", "eval(", "innerHTML"] {
            assert!(!text.contains(word), "{}: {word}", asset.name);
        }
    }
}

#[test]
fn pages_refer_to_assets_by_names_that_exist() {
    each_page(|page, tags| {
        let mut has_stylesheet = false;
        for tag in tags {
            let address = match tag.name.as_str() {
                "script" => tag.attribute("src").unwrap(),
                "link" if tag.attribute("rel") == Some("stylesheet") => tag.attribute("href").unwrap(),
                _ => continue,
            };
            // The path that samples give ends with the letter z.
            let name = address.rsplit_once('z').unwrap().1;
            assert!(assets::find(name).is_some(), "{page}: {address}");
            has_stylesheet |= tag.name == "link";
        }
        assert!(has_stylesheet, "{page}");
    });
}

#[test]
fn every_field_that_people_see_has_a_label() {
    each_page(|page, tags| {
        let labels: BTreeSet<_> =
            tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.attribute("for")).collect();
        for tag in tags {
            if !["input", "select", "textarea"].contains(&tag.name.as_str()) || tag.is_hidden_field() {
                continue;
            }
            let id = tag.attribute("id").unwrap_or_else(|| panic!("{page}: a field without an id"));
            let is_labelled = labels.contains(id) || tag.attribute("aria-label").is_some();
            assert!(is_labelled, "{page}: {id}");
        }
    });
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    each_page(|page, tags| {
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.attribute("id")) {
            assert!(ids.insert(id), "{page}: {id} twice");
        }
        for tag in tags {
            for name in ["for", "aria-describedby", "aria-labelledby", "data-copy"] {
                for id in tag.attribute(name).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{page}: {name} leads to {id}");
                }
            }
        }
    });
}

#[test]
fn forms_are_posted_and_carry_their_token() {
    each_page(|page, tags| {
        for (at, form) in tags.iter().enumerate().filter(|(_, tag)| tag.name == "form") {
            assert_eq!(form.attribute("method"), Some("post"), "{page}");
            assert!(form.attribute("action").is_some_and(|action| !action.is_empty()), "{page}");
            let has_token = tags
                .iter()
                .skip(at + 1)
                .take_while(|tag| tag.name != "form")
                .any(|tag| tag.is_hidden_field() && tag.attribute("name") == Some("csrf"));
            // The answer to an app goes to the app, which must not learn the token.
            assert_eq!(has_token, form.attribute("id") != Some("form-post"), "{page}");
        }
        for button in tags.iter().filter(|tag| tag.name == "button") {
            assert!(button.attribute("type").is_some(), "{page}");
        }
    });
}

#[test]
fn a_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it() {
    each_page(|page, tags| {
        for name in ["h1", "main", "title", "header", "footer"] {
            assert_eq!(tags.iter().filter(|tag| tag.name == name).count(), 1, "{page}: {name}");
        }
        assert_eq!(tag_with_id(tags, "main").unwrap().name, "main", "{page}");
        let first_link = tags.iter().find(|tag| tag.name == "a").unwrap();
        assert_eq!(first_link.attribute("href"), Some("#main"), "{page}");
        let html = tags.first().unwrap();
        assert_eq!((html.name.as_str(), html.attribute("lang")), ("html", Some("en")), "{page}");
        let focused = tags.iter().filter(|tag| tag.attribute("autofocus").is_some()).count();
        assert!(focused <= 1, "{page}: {focused} fields want the focus");
    });
}

#[test]
fn passwords_have_no_limit_and_say_what_they_are_for() {
    each_page(|page, tags| {
        for field in tags.iter().filter(|tag| tag.attribute("type") == Some("password")) {
            let purpose = field.attribute("autocomplete");
            assert!(matches!(purpose, Some("current-password" | "new-password")), "{page}");
            for name in ["maxlength", "pattern", "minlength"] {
                assert_eq!(field.attribute(name), None, "{page}");
            }
        }
    });
}

#[test]
fn a_message_beside_a_marked_field_is_what_describes_it() {
    each_page(|page, tags| {
        for field in tags.iter().filter(|tag| tag.attribute("aria-invalid") == Some("true")) {
            let described = field.attribute("aria-describedby").unwrap_or_default();
            assert!(described.split(' ').any(|id| id == "error-message"), "{page}");
            let message = tag_with_id(tags, "error-message").unwrap();
            assert_eq!(message.attribute("role"), Some("alert"), "{page}");
        }
    });
}
