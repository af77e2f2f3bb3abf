//! A page that shows what went wrong says so in its title, and the reader begins there, as at what has been done: a page
//! that was loaded anew is read from its title on, and no message in it speaks up by itself.
//!
//! It looks for our own marks in the finished page, so that no page can forget it. Texts of others have no quotation
//! marks there, so that they cannot pass for one.

/// What a field has whose value is wrong. Where it is no field but a group of them, it can take the focus.
const INVALID: &str = r#" aria-invalid="true""#;

/// What a message has that says what went wrong.
const ALERT: &str = r#" role="alert""#;

/// What a message has that says what has been done.
const NOTICE: &str = r#" id="notice" role="status""#;

/// What the element has that the reader begins at. Pages that choose it themselves write it exactly like this.
const FOCUS: &str = r#" autofocus="""#;

/// The page with its message announced: the focus is on the first wrong field, or else on the message.
pub(crate) fn announce(html: String) -> String {
    let Some(mark) = [INVALID, ALERT, NOTICE].into_iter().find(|mark| html.contains(mark)) else {
        return html;
    };
    let titled = if mark == NOTICE { html } else { html.replacen("<title>", "<title>Error: ", 1) };
    if titled.contains(FOCUS) {
        return titled;
    }
    // A message takes the focus only so.
    let reached = if mark == INVALID { "" } else { r#" tabindex="-1""# };
    titled.replacen(mark, &format!("{mark}{reached}{FOCUS}"), 1)
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
            ("<p> id=&#34;notice&#34; role=&#34;status&#34;</p>", None),
        ] {
            let shown =
                expected.map_or_else(|| page(body), |body| format!("<title>Error: New</title>{body}"));
            assert_eq!(announce(page(body)), shown);
        }
    }

    #[test]
    fn the_reader_begins_at_what_has_been_done_unless_the_page_begins_elsewhere() {
        let page = |body: &str| format!("<title>Apps</title>{body}");
        for (body, expected) in [
            (
                r#"<p id="notice" role="status">Done.</p>"#,
                r#"<p id="notice" role="status" tabindex="-1" autofocus="">Done.</p>"#,
            ),
            (
                r#"<p id="notice" role="status">Go on.</p><input autofocus="">"#,
                r#"<p id="notice" role="status">Go on.</p><input autofocus="">"#,
            ),
            (r#"<p class="live" role="status"></p>"#, r#"<p class="live" role="status"></p>"#),
        ] {
            assert_eq!(announce(page(body)), page(expected));
        }
        let wrong = announce(page(r#"<p id="notice" role="status">Done.</p><input aria-invalid="true">"#));
        assert!(wrong.contains("Error: ") && wrong.contains(r#"<input aria-invalid="true" autofocus="">"#));
        assert!(!wrong.contains("tabindex"), "{wrong}");
    }

    #[test]
    fn only_the_title_of_the_page_says_so() {
        let html = r#"<title>Usage</title><svg><title>9</title></svg><p role="alert">No.</p>"#.to_owned();
        assert!(announce(html).starts_with("<title>Error: Usage</title><svg><title>9</title>"));
    }
}
