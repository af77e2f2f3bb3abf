//! Somebody who is signed in, with a browser that does nothing but ask.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, ensure};

use crate::http::{Answer, Connection, Request};
use crate::users::User;

/// A connection with cookies.
pub(super) struct Visitor {
    connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// Signs in with the password.
    pub(super) fn sign_in(address: SocketAddr, user: &User) -> anyhow::Result<Self> {
        let mut visitor = Self { connection: Connection::new(address), cookies: BTreeMap::new() };
        let page = visitor.send("GET", "/account/sign-in", String::new())?;
        let password = std::fs::read_to_string(&user.password_file)?;
        // Neither has a character that a form escapes.
        let mut form = format!("user_name={}&password={password}", user.name);
        for (name, value) in
            hidden_fields(&page.body, "sign-in-form").context("there is no form to sign in")?
        {
            form.push_str(&format!("&{name}={}", value.replace('/', "%2F")));
        }
        let answer = visitor.send("POST", "/account/sign-in", form)?;
        ensure!(answer.status == 303, "signing in answered {}: {}", answer.status, answer.body);
        Ok(visitor)
    }

    /// Looks at a page that has to be there. How many bytes it has.
    pub(super) fn look(&mut self, path: &str) -> anyhow::Result<usize> {
        let answer = self.send("GET", path, String::new())?;
        ensure!(answer.status == 200, "answered {}", answer.status);
        Ok(answer.body.len())
    }

    fn send(&mut self, method: &'static str, path: &str, body: String) -> anyhow::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = vec![
            ("Cookie", cookies.join("; ")),
            ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
        ];
        let answer = self.connection.send(&Request { method, path: path.to_owned(), headers, body })?;
        for (name, value) in &answer.headers {
            let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
            if let (true, Some((name, value))) = (name == "set-cookie", pair) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

/// What a form carries by itself.
fn hidden_fields<'a>(html: &'a str, form: &str) -> Option<Vec<(&'a str, &'a str)>> {
    let (_, form) = html.split_once(&format!("id=\"{form}\""))?;
    let (form, _) = form.split_once("</form>")?;
    let hidden = form.split("<input").filter(|input| input.contains("type=\"hidden\""));
    hidden.map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_with_what_is_hidden_in_it() {
        let html = r#"<form id="other"><input type="hidden" name="x" value="y"></form>
            <form class="stack" id="wanted" method="post"><input type="hidden" name="csrf" value="c1">
            <input type="text" name="name"><input type="hidden" name="to" value=""></form>"#;
        assert_eq!(hidden_fields(html, "wanted").unwrap(), [("csrf", "c1"), ("to", "")]);
        assert_eq!(hidden_fields(html, "missing"), None);
    }
}
