//! The tables of addresses are held against the routes themselves, so that nothing is added beside it.

use std::collections::BTreeSet;

use crate::dashboard::every_route_table::{ASKED, SENT, SHOWN};

const SOURCE: &str = include_str!("../../../../src/routes.rs");

#[test]
fn the_tables_have_every_route_of_the_dashboard() {
    let source: String = SOURCE.split_whitespace().collect();
    let (_, rest) = source.split_once("fndashboard(config:").unwrap();
    let (ours, _) = rest.split_once("fnsign_in(config:").unwrap();
    let paths = |call: &str| -> BTreeSet<String> {
        let calls = ours.split(call).skip(1);
        calls.filter_map(|rest| rest.strip_prefix('"')?.split('"').next().map(str::to_owned)).collect()
    };
    let (shown, asked, sent) = (paths("shown("), paths("asked("), paths("sent("));
    let by_form = asked.len() + sent.len();
    assert_eq!(by_form, ours.matches("web::post()").count(), "a form is taken in another way");
    assert_eq!(asked, ASKED.iter().map(|(path, ..)| (*path).to_owned()).collect());
    assert_eq!(sent, SENT.iter().map(|(path, _)| (*path).to_owned()).collect());

    // Two places have the same three pages.
    let places = ["/tenants/{tenant}/audit", "/audit"];
    assert_eq!(ours.matches("shown(place,").count() + ours.matches("shown(&format!(").count(), 3);
    let of_places =
        places.iter().flat_map(|place| ["", "/export", "/{event}"].map(|rest| format!("{place}{rest}")));
    assert_eq!(shown.len() + 3, ours.matches("shown(").count());
    let shown: BTreeSet<_> = shown.into_iter().chain(of_places).collect();
    assert_eq!(shown, SHOWN.iter().map(|(path, _)| (*path).to_owned()).collect());
}
