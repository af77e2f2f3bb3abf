//! The samples, one template per language. Values come into a template as literals of its language, never bare.

use askama::Template;

use super::access::TokenAccess;
use super::literal::{quoted, quoted_for_rust, shell_word};
use crate::render::{Render, RenderError};

/// A program that gets a token and prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeSample {
    /// The name of the language in ids: `python`.
    pub id: &'static str,
    /// What the language is called.
    pub language: &'static str,
    /// What to do with it.
    pub usage: &'static str,
    /// The program. It has the secret in it.
    pub code: String,
}

/// What the templates of programs have in common: everything is a literal.
struct Literals {
    endpoint: String,
    user: String,
    password: String,
    credentials: String,
    parameters: Vec<(String, String)>,
    body: String,
}

impl Literals {
    fn of(access: &TokenAccess<'_>, literal: fn(&str) -> String) -> Self {
        let (user, password) = access.user_and_password();
        let pairs = access.parameters();
        Self {
            endpoint: literal(access.token_endpoint),
            user: literal(&user),
            password: literal(&password),
            credentials: literal(&access.credentials()),
            parameters: pairs.iter().map(|(name, value)| (literal(name), literal(value))).collect(),
            body: literal(&access.body()),
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/code_samples/curl.txt")]
struct Curl {
    credentials: String,
    parameters: Vec<String>,
    endpoint: String,
}

#[derive(Template)]
#[template(path = "dashboard/code_samples/python.txt")]
struct Python(Literals);

#[derive(Template)]
#[template(path = "dashboard/code_samples/javascript.txt")]
struct JavaScript(Literals);

#[derive(Template)]
#[template(path = "dashboard/code_samples/go.txt")]
struct Go(Literals);

#[derive(Template)]
#[template(path = "dashboard/code_samples/rust.txt")]
struct Rust(Literals);

#[derive(Template)]
#[template(path = "dashboard/code_samples/java.txt")]
struct Java(Literals);

#[derive(Template)]
#[template(path = "dashboard/code_samples/csharp.txt")]
struct CSharp(Literals);

/// The command that gets a token.
///
/// # Errors
///
/// When the template fails.
pub fn curl_command(access: &TokenAccess<'_>) -> Result<String, RenderError> {
    let pairs = access.parameters();
    Render::render(&Curl {
        credentials: shell_word(&access.credentials()),
        parameters: pairs.iter().map(|(name, value)| shell_word(&format!("{name}={value}"))).collect(),
        endpoint: shell_word(access.token_endpoint),
    })
}

/// A program in each of six languages.
///
/// # Errors
///
/// When a template fails.
pub fn code_samples(access: &TokenAccess<'_>) -> Result<[CodeSample; 6], RenderError> {
    let literals = || Literals::of(access, quoted);
    let sample = |id, language, usage, code| CodeSample { id, language, usage, code };
    Ok([
        sample(
            "python",
            "Python",
            // Not token.py: a module of Python itself has that name, and would find this one instead.
            "Save it as get_token.py. Run: pip install requests, then python3 get_token.py",
            Render::render(&Python(literals()))?,
        ),
        sample(
            "javascript",
            "JavaScript",
            "Save it as token.js. Run: node token.js (version 18 or newer)",
            Render::render(&JavaScript(literals()))?,
        ),
        sample("go", "Go", "Save it as token.go. Run: go run token.go", Render::render(&Go(literals()))?),
        sample(
            "rust",
            "Rust",
            "Put it into src/main.rs. Run: cargo add serde_json, then cargo add reqwest --features \
             blocking,form,json, then cargo run",
            Render::render(&Rust(Literals::of(access, quoted_for_rust)))?,
        ),
        sample(
            "java",
            "Java",
            "Save it as Token.java. Run: java Token.java (version 11 or newer)",
            Render::render(&Java(literals()))?,
        ),
        sample(
            "csharp",
            "C#",
            "Put it into Program.cs of a console project. Run: dotnet run (.NET 6 or newer)",
            Render::render(&CSharp(literals()))?,
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &str = "\"'\\\n${x}<script>&";

    fn access<'a>(text: &'a str, resource: Option<&'a str>) -> TokenAccess<'a> {
        TokenAccess {
            token_endpoint: text,
            client_id: text,
            client_secret: text,
            scope: Some(text),
            resource,
        }
    }

    #[test]
    fn a_generated_credential_stands_in_every_sample_as_it_is() {
        let access = TokenAccess {
            token_endpoint: "https://id.example.com/connect/token",
            client_id: "tk_0123",
            client_secret: "tkcs_4567",
            scope: Some("read write"),
            resource: None,
        };
        let mut codes = vec![curl_command(&access).unwrap()];
        codes.extend(code_samples(&access).unwrap().map(|sample| sample.code));
        for code in codes {
            for text in ["tk_0123", "tkcs_4567", "https://id.example.com/connect/token", "client_credentials"]
            {
                assert!(code.contains(text), "{text}: {code}");
            }
            assert!(code.contains("read write") || code.contains("read%20write"), "{code}");
            assert!(!code.contains("resource"), "{code}");
        }
    }

    #[test]
    fn no_text_leaves_its_literal() {
        let access = access(NASTY, Some(NASTY));
        let literal = r#""\"'\\\n${x}<script>&""#;
        for sample in code_samples(&access).unwrap() {
            assert!(!sample.code.contains(NASTY), "{}", sample.code);
            assert!(sample.code.contains(literal), "{}", sample.code);
            // Templates of programs are no HTML: that is for the page to escape.
            assert!(!sample.code.contains("&#"), "{}", sample.code);
        }
        let curl = curl_command(&access).unwrap();
        assert!(curl.contains("'scope=\"'\\''\\\n${x}<script>&'"), "{curl}");
    }

    #[test]
    fn a_resource_is_named_where_there_is_one() {
        let access = access("x", Some("https://reports.example"));
        let names = |code: &str| code.contains("resource") && code.contains("reports.example");
        assert!(names(&curl_command(&access).unwrap()));
        for sample in code_samples(&access).unwrap() {
            assert!(names(&sample.code), "{}", sample.code);
        }
    }
}
