//! What a browser reads of a page in a test: its forms, and the texts of elements. It knows no HTML but that of the
//! pages, which are templates.
#![expect(clippy::unwrap_used, reason = "a form that cannot be sent has to stop its test")]

/// A form of a page: where it goes and what it carries by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageForm {
    /// The path it is sent to.
    pub action: String,
    /// The names and values of its hidden fields.
    pub hidden: Vec<(String, String)>,
}

impl PageForm {
    /// The form of a page with this id.
    #[track_caller]
    pub fn with_id(html: &str, id: &str) -> Option<Self> {
        let marker = format!(" id=\"{id}\"");
        let is_marked = |form: &&str| form.split('>').next().is_some_and(|tag| tag.contains(&marker));
        html.split("<form").skip(1).find(is_marked).map(Self::parse)
    }

    /// The first form of a page that goes to this path.
    #[track_caller]
    pub fn to(html: &str, action: &str) -> Option<Self> {
        let goes_there = |form: &&str| attribute(form, "action").as_deref() == Some(action);
        html.split("<form").skip(1).find(goes_there).map(Self::parse)
    }

    #[track_caller]
    fn parse(html: &str) -> Self {
        let (form, _) = html.split_once("</form>").unwrap();
        let hidden = form.split("<input").filter(|input| input.contains("type=\"hidden\""));
        let field =
            |input| (attribute(input, "name").unwrap(), attribute(input, "value").unwrap_or_default());
        Self { action: attribute(form, "action").unwrap(), hidden: hidden.map(field).collect() }
    }
}

/// The value of the first attribute with this name.
pub fn attribute(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescaped(value))
}

/// The text of the element with this id, up to the first tag in it.
pub fn text_of(html: &str, id: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!(" id=\"{id}\""))?;
    let (_, inner) = rest.split_once('>')?;
    inner.split('<').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
