//! No text from outside becomes markup.

use crate::samples;

#[test]
fn every_text_of_every_page_is_shown_and_escaped() {
    for sample in samples::all("</script><script>\"'&") {
        assert!(!sample.html.contains("<script>"), "{}", sample.name);
        for text in &sample.texts {
            assert!(!sample.html.contains(text), "{}: {text} as it came", sample.name);
            let escaped = text
                .replace('&', "&#38;")
                .replace('<', "&#60;")
                .replace('>', "&#62;")
                .replace('"', "&#34;")
                .replace('\'', "&#39;");
            assert!(sample.html.contains(&escaped), "{}: {text} is missing", sample.name);
        }
    }
}
