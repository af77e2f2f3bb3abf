//! The readable page. It is made of the document, has no script, and loads nothing from anywhere.

use std::fmt::Write;

use serde_json::{Map, Value};

/// The page's only style; its hash is in the page's policy.
pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent);--soft:color-mix(in srgb,currentColor 7%,transparent)}\
*{box-sizing:border-box}\
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;overflow-wrap:anywhere}\
h1{font-size:1.6rem}h2{font-size:1.3rem;border-top:1px solid var(--line);padding-top:1rem;margin-top:2rem}\
code,.path{font-family:ui-monospace,monospace;font-size:.9em}\
nav ul{columns:14rem;padding-left:1.2rem}\
details{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0;padding:.4rem .8rem}\
details[open]{background:var(--soft)}summary{cursor:pointer}\
.verb{display:inline-block;min-width:4.5rem;font-weight:700}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}\
td:first-child{white-space:nowrap}";

/// The page.
pub(super) fn page(document: &Value) -> String {
    let mut html = String::new();
    let title = escaped(text(document, "/info/title"));
    html.push_str("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    push(&mut html, format_args!("<title>{title}</title><style>{STYLE}</style></head><body>"));
    push(&mut html, format_args!("<header><h1>{title}</h1>"));
    for paragraph in text(document, "/info/description").split("\n\n") {
        push(&mut html, format_args!("<p>{}</p>", prose(paragraph)));
    }
    html.push_str("<p><a href=\"openapi.json\">OpenAPI 3.1 document</a></p></header>");
    let tags = document.pointer("/tags").and_then(Value::as_array).cloned().unwrap_or_default();
    html.push_str("<nav aria-label=\"Contents\"><ul>");
    for tag in &tags {
        let name = escaped(text(tag, "/name"));
        push(&mut html, format_args!("<li><a href=\"#{}\">{name}</a></li>", anchor(&name)));
    }
    html.push_str("<li><a href=\"#schemas\">Schemas</a></li></ul></nav><main>");
    for tag in &tags {
        chapter(&mut html, document, tag);
    }
    schemas(&mut html, document);
    html.push_str("</main></body></html>");
    html
}

/// The id of a chapter: ids have no spaces, and neither have URLs.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

fn chapter(html: &mut String, document: &Value, tag: &Value) {
    let name = text(tag, "/name");
    let title = escaped(name);
    push(html, format_args!("<section id=\"{}\"><h2>{title}</h2>", anchor(&title)));
    push(html, format_args!("<p>{}</p>", prose(text(tag, "/description"))));
    for (path, verbs) in members(document, "/paths") {
        for verb in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = verbs.get(verb).filter(|item| text(item, "/tags/0") == name) else {
                continue;
            };
            operation_entry(html, document, path, verb, operation);
        }
    }
    html.push_str("</section>");
}

fn operation_entry(html: &mut String, document: &Value, path: &str, verb: &str, operation: &Value) {
    push(
        html,
        format_args!(
            "<details id=\"{}\"><summary><span class=\"verb\">{}</span> <span class=\"path\">{}</span> {}</summary>",
            escaped(text(operation, "/operationId")),
            verb.to_ascii_uppercase(),
            escaped(path),
            prose(text(operation, "/summary"))
        ),
    );
    let parameters = operation.pointer("/parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<h3>Parameters</h3><div class=\"scroll\"><table>");
        for parameter in &parameters {
            let parameter = resolved(document, parameter);
            let schema = parameter.get("schema").unwrap_or(&Value::Null);
            row(html, text(parameter, "/name"), &type_of(schema), text(parameter, "/description"));
        }
        html.push_str("</table></div>");
    }
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        push(html, format_args!("<h3>Body</h3><p>{}</p>", type_of(schema)));
    }
    html.push_str("<h3>Answers</h3><div class=\"scroll\"><table>");
    for (status, response) in members(operation, "/responses") {
        let response = resolved(document, response);
        let body = response.pointer("/content/application~1json/schema").map(type_of).unwrap_or_default();
        row(html, status, &body, text(response, "/description"));
    }
    html.push_str("</table></div></details>");
}

fn schemas(html: &mut String, document: &Value) {
    html.push_str("<section id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in members(document, "/components/schemas") {
        push(
            html,
            format_args!("<details id=\"schema-{0}\"><summary><code>{0}</code></summary>", escaped(name)),
        );
        push(html, format_args!("<p>{}</p>", prose(text(schema, "/description"))));
        let properties: Vec<_> = members(schema, "/properties").collect();
        if properties.is_empty() {
            push(html, format_args!("<p>{}</p>", type_of(schema)));
        } else {
            html.push_str("<div class=\"scroll\"><table>");
            for (property, schema) in properties {
                row(html, property, &type_of(schema), text(schema, "/description"));
            }
            html.push_str("</table></div>");
        }
        html.push_str("</details>");
    }
    html.push_str("</section>");
}

/// A row of a table. The type is HTML already.
fn row(html: &mut String, name: &str, kind: &str, description: &str) {
    push(
        html,
        format_args!(
            "<tr><td><code>{}</code></td><td>{kind}</td><td>{}</td></tr>",
            escaped(name),
            prose(description)
        ),
    );
}

/// What a schema allows, in short, as HTML.
fn type_of(schema: &Value) -> String {
    if let Some((_, name)) = text(schema, "/$ref").rsplit_once('/') {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escaped(name));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            return choices.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(constant) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&constant.to_string()));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<_> =
            values.iter().map(|value| format!("<code>{}</code>", escaped(&value.to_string()))).collect();
        return values.join(", ");
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Some(Value::String(kind)) => kind.clone(),
        Some(_) | None => String::new(),
    };
    match schema.get("items") {
        Some(items) => format!("{} of {}", escaped(&kind), type_of(items)),
        None => escaped(&kind),
    }
}

fn resolved<'a>(document: &'a Value, item: &'a Value) -> &'a Value {
    let target = text(item, "/$ref").strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    target.unwrap_or(item)
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let members: Option<&Map<String, Value>> = value.pointer(pointer).and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A text with `code` in it.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escaped(part);
        if index % 2 == 1 {
            push(&mut html, format_args!("<code>{part}</code>"));
        } else {
            html.push_str(&part);
        }
    }
    html
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut html, character| {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
        html
    })
}

/// Writing into a text cannot fail.
fn push(html: &mut String, parts: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(parts);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(prose("a <b> `<c>` & \"'"), "a &lt;b&gt; <code>&lt;c&gt;</code> &amp; &quot;&#39;");
    }

    #[test]
    fn types_are_said_in_short() {
        for (schema, expected) in [
            (serde_json::json!({"type": ["string", "null"]}), "string or null"),
            (serde_json::json!({"type": "array", "items": {"type": "string"}}), "array of string"),
            (serde_json::json!({"enum": ["a", 1]}), "<code>&quot;a&quot;</code>, <code>1</code>"),
            (serde_json::json!({"$ref": "#/x/App"}), "<a href=\"#schema-App\">App</a>"),
            (
                serde_json::json!({"anyOf": [{"$ref": "#/x/App"}, {"type": "null"}]}),
                "<a href=\"#schema-App\">App</a> or null",
            ),
        ] {
            assert_eq!(type_of(&schema), expected);
        }
    }
}
