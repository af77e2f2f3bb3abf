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
            for name in ["src", "href", "data-options", "data-sign-in"] {
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
            assert!(form.attribute("action").is_some_and(|action| !action.is_empty()), "{page}");
            let has_token = tags
                .iter()
                .skip(at + 1)
                .take_while(|tag| tag.name != "form")
                .any(|tag| tag.is_hidden_field() && tag.attribute("name") == Some("csrf"));
            let method = form.attribute("method").unwrap();
            // What only looks for something changes nothing, and its fields end up in the URL.
            let is_look = method == "get";
            assert!(is_look || method == "post", "{page}: {method}");
            // The answer to an app goes to the app, which must not learn the token.
            assert_eq!(has_token, !is_look && form.attribute("id") != Some("form-post"), "{page}");
        }
        for button in tags.iter().filter(|tag| tag.name == "button") {
            assert!(button.attribute("type").is_some(), "{page}");
        }
    });
}

#[test]
fn a_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it() {
    each_page(|page, tags| {
        for name in ["h1", "main", "header", "footer"] {
            assert_eq!(tags.iter().filter(|tag| tag.name == name).count(), 1, "{page}: {name}");
        }
        // The parts of pictures have titles, too.
        let titles = tags.iter().take_while(|tag| tag.name != "body").filter(|tag| tag.name == "title");
        assert_eq!(titles.count(), 1, "{page}: title");
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
            // In the dashboard each field has a message of its own.
            let own = format!("{}-error", field.attribute("id").unwrap_or_default());
            if described.split(' ').any(|id| id == own) {
                continue;
            }
            assert!(described.split(' ').any(|id| id == "error-message"), "{page}");
            let message = tag_with_id(tags, "error-message").unwrap();
            assert_eq!(message.attribute("role"), Some("alert"), "{page}");
        }
    });
}

#[test]
fn a_page_that_shows_an_error_says_so_in_its_title_and_begins_there() {
    for sample in samples::all("/plain").into_iter().chain(samples::all("/\" role=\"alert\" autofocus=\"")) {
        let (page, tags) = (&sample.name, tags(&sample.html));
        let is_invalid = |tag: &Tag| tag.attribute("aria-invalid") == Some("true");
        let is_alert = |tag: &Tag| tag.attribute("role") == Some("alert");
        let (has_wrong_field, has_alert) = (tags.iter().any(is_invalid), tags.iter().any(is_alert));
        assert_eq!(sample.html.contains("<title>Error: "), has_wrong_field || has_alert, "{page}");
        let focused: Vec<_> = tags.iter().filter(|tag| tag.attribute("autofocus").is_some()).collect();
        if has_wrong_field {
            assert!(focused.len() == 1 && is_invalid(focused[0]), "{page}");
        } else if has_alert {
            assert_eq!(focused.len(), 1, "{page}");
        }
        // Whatever is no field has to be made able to take the focus.
        for tag in focused {
            let is_field = ["input", "select", "textarea"].contains(&tag.name.as_str());
            assert!(is_field || tag.attribute("tabindex") == Some("-1"), "{page}: {}", tag.name);
        }
    }
}

#[test]
fn tables_stay_tables_where_a_phone_shows_their_rows_as_blocks() {
    each_page(|page, tags| {
        let starts = tags.iter().enumerate().filter(|(_, tag)| tag.name == "table").map(|(at, _)| at);
        for start in starts {
            let (table, rest) = tags[start..].split_first().unwrap();
            let inside: Vec<_> = rest.iter().take_while(|tag| tag.name != "table").collect();
            let columns = inside.iter().filter(|tag| tag.attribute("scope") == Some("col")).count();
            if table.attribute("role").is_none() {
                // They fit as they are.
                assert_eq!(columns, 2, "{page}");
                continue;
            }
            assert_eq!(table.attribute("role"), Some("table"), "{page}");
            for tag in inside {
                let role = match (tag.name.as_str(), tag.attribute("scope")) {
                    ("thead" | "tbody", _) => "rowgroup",
                    ("tr", _) => "row",
                    ("th", Some("col")) => "columnheader",
                    ("th", Some("row")) => "rowheader",
                    ("td", _) => "cell",
                    _ => continue,
                };
                assert_eq!(tag.attribute("role"), Some(role), "{page}: {}", tag.name);
                let label = tag.attribute("data-label");
                assert!(label.is_none_or(|label| !label.is_empty()), "{page}: a cell is called nothing");
            }
        }
    });
}
