//! Reads the tags of a page: enough of HTML for pages that we wrote.

/// The elements without an end.
const VOID: [&str; 3] = ["input", "link", "meta"];

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute; empty for one without a value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn attribute_names(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(key, _)| key.as_str())
    }

    pub(crate) fn is_hidden_field(&self) -> bool {
        self.name == "input" && self.attribute("type") == Some("hidden")
    }
}

/// All start tags in order. Panics when tags are not closed in the order in which they were opened.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let inside = &rest[start + 1..];
        let end = end_of_tag(inside);
        let (tag, after) = inside.split_at(end);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "the wrong element is closed");
        } else if !tag.starts_with('!') {
            let tag = read_tag(tag);
            // What is inside a picture is not ours to judge.
            if !VOID.contains(&tag.name.as_str()) {
                open.push(tag.name.clone());
            }
            found.push(tag);
        }
    }
    assert_eq!(open, Vec::<String>::new(), "elements that are not closed");
    found
}

/// The tag with this id.
pub(crate) fn tag_with_id<'a>(tags: &'a [Tag], id: &str) -> Option<&'a Tag> {
    tags.iter().find(|tag| tag.attribute("id") == Some(id))
}

fn end_of_tag(inside: &str) -> usize {
    let mut quoted = false;
    for (at, character) in inside.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    panic!("a tag that does not end: {inside}");
}

fn read_tag(tag: &str) -> Tag {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Tag { name: name.to_owned(), attributes };
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap(),
            None => ("", after),
        };
        assert!(!after.starts_with('='), "a value without quotes: {tag}");
        attributes.push((key.to_owned(), value.to_owned()));
        rest = after;
    }
}
