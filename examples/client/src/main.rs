//! A tenant app's way to a protected resource: `example-client ISSUER CLIENT_ID SECRET_VARIABLE RESOURCE_URL`.
//! The secret is in the environment variable named, for arguments can be seen by every user of a machine.

use anyhow::Context;
use reqwest::StatusCode;
use turnkeep_client::token_client::TokenClient;

const USAGE: &str = "usage: example-client ISSUER CLIENT_ID SECRET_VARIABLE RESOURCE_URL";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [issuer, client_id, variable, url] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    let secret = secret(variable)?;

    // Made once, at the start of the program. `scope` and `resource` say more precisely what is asked for.
    let tokens = TokenClient::builder(issuer, client_id, secret).build()?;
    let answer = call(&tokens, &reqwest::Client::new(), url).await?;
    let status = answer.status();
    print(&format!("{status}\n{}", answer.text().await?));
    anyhow::ensure!(status.is_success(), "the resource answered {status}");
    Ok(())
}

/// One call of the resource. A token that was killed before its time is replaced once.
async fn call(tokens: &TokenClient, http: &reqwest::Client, url: &str) -> anyhow::Result<reqwest::Response> {
    let token = tokens.token().await.context("no token")?;
    let answer = token.authorize(http.get(url)).send().await?;
    if answer.status() != StatusCode::UNAUTHORIZED || !tokens.invalidate(&token) {
        return Ok(answer);
    }
    let request = tokens.authorize(http.get(url)).await.context("no other token")?;
    Ok(request.send().await?)
}

#[expect(clippy::disallowed_methods, reason = "a program may read its environment")]
fn secret(variable: &str) -> anyhow::Result<String> {
    std::env::var(variable).with_context(|| format!("no secret in the variable {variable}"))
}

#[expect(clippy::print_stdout, reason = "the answer is what this program is for")]
fn print(text: &str) {
    println!("{text}");
}
