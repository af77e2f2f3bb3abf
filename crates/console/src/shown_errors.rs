//! A page that shows what went wrong says so in its title, and the reader begins there: a page that was loaded anew is
//! read from its title on, and no message in it speaks up by itself.
//!
//! It looks for our own marks in the finished page, so that no page can forget it. Texts of others have no quotation
//! marks there, so that they cannot pass for one.

/// What a field has whose value is wrong. Where it is no field but a group of them, it can take the focus.
const INVALID: &str = r#" aria-invalid="true""#;

/// What a message has that says what went wrong.
const ALERT: &str = r#" role="alert""#;

/// What the element has that the reader begins at. Pages that choose it themselves write it exactly like this.
const FOCUS: &str = r#" autofocus="""#;

/// The page with its errors announced: the focus is on the first wrong field, or else on the message.
pub(crate) fn announce(html: String) -> String {
    let (mark, marked) = if html.contains(INVALID) {
        (INVALID, format!("{INVALID}{FOCUS}"))
    } else if html.contains(ALERT) {
        (ALERT, format!(r#"{ALERT} tabindex="-1"{FOCUS}"#))
    } else {
        return html;
    };
    let titled = html.replacen("<title>", "<title>Error: ", 1);
    if titled.contains(FOCUS) { titled } else { titled.replacen(mark, &marked, 1) }
}

#[cfg(test)]
mod tests {
    use super::announce;

    #[test]
    fn the_reader_begins_at_the_first_error_that_there_is() {
        let page = |body: &str| format!("<title>New</title>{body}");
        for (body, expected) in [
            ("<p>Fine.</p>", None),
            (r#"<p role="alert">No.</p>"#, Some(r#"<p role="alert" tabindex="-1" autofocus="">No.</p>"#)),
            (
                r#"<p role="alert">No.</p><input aria-invalid="true"><input aria-invalid="true">"#,
                Some(
                    r#"<p role="alert">No.</p><input aria-invalid="true" autofocus=""><input aria-invalid="true">"#,
                ),
            ),
            (
                r#"<input aria-invalid="true"><input autofocus="" aria-invalid="true">"#,
                Some(r#"<input aria-invalid="true"><input autofocus="" aria-invalid="true">"#),
            ),
            ("<p> role=&#34;alert&#34; aria-invalid=&#34;true&#34;</p>", None),
        ] {
            let shown =
                expected.map_or_else(|| page(body), |body| format!("<title>Error: New</title>{body}"));
            assert_eq!(announce(page(body)), shown);
        }
    }

    #[test]
    fn only_the_title_of_the_page_says_so() {
        let html = r#"<title>Usage</title><svg><title>9</title></svg><p role="alert">No.</p>"#.to_owned();
        assert!(announce(html).starts_with("<title>Error: Usage</title><svg><title>9</title>"));
    }
}
