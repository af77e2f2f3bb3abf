//! The table of addresses is held against the routes themselves, so that nothing is added beside it.

use std::collections::BTreeSet;

use crate::dashboard::every_route_table::{PAGES, SENT};

const SOURCE: &str = include_str!("../../../../src/routes.rs");

#[test]
fn the_table_has_every_route_of_the_dashboard() {
    let source: String = SOURCE.split_whitespace().collect();
    let (_, rest) = source.split_once("fndashboard(config:").unwrap();
    let (ours, _) = rest.split_once("fnsign_in(config:").unwrap();
    let paths = |call: &str| -> Vec<String> {
        let calls = ours.split(call).skip(1);
        calls.filter_map(|rest| rest.strip_prefix('"')?.split('"').next().map(str::to_owned)).collect()
    };
    let (shown, asked, sent) = (paths("shown("), paths("asked("), paths("sent("));
    let by_form: BTreeSet<_> = asked.iter().chain(&sent).cloned().collect();
    assert_eq!(
        by_form.len(),
        ours.matches("web::post()").count(),
        "a form is taken in another way: {by_form:#?}"
    );
    assert_eq!(by_form, SENT.iter().map(|(path, _)| (*path).to_owned()).collect());

    // Two places have the same three pages.
    let places = ["/tenants/{tenant}/audit", "/audit"];
    assert_eq!(ours.matches("shown(place,").count() + ours.matches("shown(&format!(").count(), 3);
    let of_places =
        places.iter().flat_map(|place| ["", "/export", "/{event}"].map(|rest| format!("{place}{rest}")));
    let looked_at: BTreeSet<_> = shown.iter().chain(&asked).cloned().chain(of_places).collect();
    assert_eq!(looked_at.len() - 6 + 3, ours.matches("shown(").count() + ours.matches("asked(").count());
    assert_eq!(looked_at, PAGES.iter().map(|(path, _)| (*path).to_owned()).collect());
}
