//! Colours can be read: WCAG 2.2, 1.4.3 (texts, 4.5 to 1) and 1.4.11 (edges and focus marks, 3 to 1).

use std::collections::BTreeMap;

use turnkeep_console::assets;
use turnkeep_domain::accent::Accent;

const TEXTS: [(&str, &str); 17] = [
    ("--ink", "--page"),
    ("--ink", "--surface"),
    ("--ink", "--sunken"),
    ("--muted", "--page"),
    ("--muted", "--surface"),
    ("--muted", "--sunken"),
    ("--problem-ink", "--problem-surface"),
    ("--problem-ink", "--surface"),
    ("--done-ink", "--done-surface"),
    ("--accent", "--page"),
    ("--accent", "--surface"),
    ("--accent-deep", "--page"),
    ("--accent-deep", "--surface"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-deep"),
    // The skip link and the marked summary stand on these, too.
    ("--accent", "--sunken"),
    ("--accent-deep", "--sunken"),
];

const EDGES: [(&str, &str); 5] = [
    ("--edge", "--surface"),
    ("--edge", "--sunken"),
    ("--accent", "--surface"),
    ("--accent", "--page"),
    ("--problem-ink", "--surface"),
];

fn stylesheet() -> &'static str {
    let asset = assets::all().into_iter().find(|asset| asset.content_type.starts_with("text/css")).unwrap();
    std::str::from_utf8(asset.body).unwrap()
}

/// What stands between the braces after `head`.
fn block<'a>(css: &'a str, head: &str) -> &'a str {
    let start = css.find(&format!("{head} {{")).unwrap_or_else(|| panic!("{head} is missing"));
    let inside = &css[start + head.len() + 2..];
    let mut depth = 1;
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &inside[..at];
        }
    }
    panic!("{head} does not end");
}

fn properties(block: &str) -> BTreeMap<&str, &str> {
    block
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(name, _)| name.starts_with("--"))
        .collect()
}

/// The relative luminance of `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let hex = colour.strip_prefix('#').filter(|hex| hex.len() == 6);
    let hex = hex.unwrap_or_else(|| panic!("{colour} is not #rrggbb"));
    [(0, 0.2126), (2, 0.7152), (4, 0.0722)]
        .map(|(at, weight)| {
            let channel = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            let linear =
                if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) };
            linear * weight
        })
        .iter()
        .sum()
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_computed_as_the_standard_says() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
    assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 0.001);
}

#[test]
fn every_pair_of_colours_in_use_has_enough_contrast_in_light_and_dark() {
    let css = stylesheet();
    let dark = block(css, "@media (prefers-color-scheme: dark)");
    for (mode, part) in [("light", css), ("dark", dark)] {
        for accent in Accent::ALL {
            let mut colours = properties(block(part, ":root"));
            colours.extend(properties(block(part, &format!(".accent-{}", accent.as_str()))));
            for (pairs, least) in [(&TEXTS[..], 4.5), (&EDGES[..], 3.0)] {
                for (front, back) in pairs {
                    let found = contrast(colours[front], colours[back]);
                    assert!(found >= least, "{mode}, {accent:?}: {front} on {back} has {found:.2}");
                }
            }
        }
    }
}

#[test]
fn every_colour_that_is_used_is_defined_in_both_modes() {
    let css = stylesheet();
    let dark = block(css, "@media (prefers-color-scheme: dark)");
    let root = properties(block(css, ":root"));
    let accent = properties(block(css, ".accent-blue"));
    for used in css.split("var(").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(root.contains_key(used) || accent.contains_key(used), "{used}");
    }
    let in_dark = properties(block(dark, ":root"));
    for name in root.keys().filter(|name| !["--sans", "--mono"].contains(name)) {
        assert!(in_dark.contains_key(name), "{name} has no dark colour");
    }
}
