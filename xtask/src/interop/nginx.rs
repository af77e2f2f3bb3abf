//! nginx that asks the server about every request (`auth_request`).

use std::path::Path;

use anyhow::{Context, ensure};

use super::reference_token::ReferenceToken;
use super::site::Site;
use super::tell;
use super::world::World;
use crate::installation::RunningServer;
use crate::management::{Api, fetch_token};

const CLIENT: &str = "nginx";
const DOCUMENT: &str = "a document";
/// Where tokens are taken, and where passwords are as well.
const TOKENS: &str = "/tokens/document";
const PASSWORDS: &str = "/passwords/document";

type Header = (&'static str, String);

pub(super) fn check(
    program: &Path,
    server: &RunningServer,
    world: &World,
    operator: &mut Api,
) -> anyhow::Result<()> {
    let site = start(program, server, world)?;
    let expect = |check: &str, path: &str, carried: Option<Header>, status: u16| {
        let answer = site.get(path, carried.into_iter().collect())?;
        let outcome = || {
            ensure!(answer.status == status, "it is answered {}, not {status}", answer.status);
            ensure!(status != 200 || answer.body == DOCUMENT, "it is answered {}", answer.body);
            Ok(answer)
        };
        let answer = site.explain(outcome()).with_context(|| check.to_owned())?;
        tell(CLIENT, check);
        anyhow::Ok(answer)
    };
    let bearer = |token: &str| Some(("Authorization", format!("Bearer {token}")));
    let token = fetch_token(server.address(), &world.app("service")?.credentials()?)?;
    expect("nothing: 401", TOKENS, None, 401)?;
    expect("an access token: 200", TOKENS, bearer(&token), 200)?;
    expect("a broken access token: 401", TOKENS, bearer(&format!("{token}x")), 401)?;

    let personal = ReferenceToken::personal(operator, server.address(), world)?;
    let service = ReferenceToken::service(operator, world)?;
    let answer = expect("a personal access token: 200", TOKENS, bearer(&personal.token), 200)?;
    let who = answer.header("x-who").map(str::to_owned);
    ensure!(who.as_deref() == Some(world.user.name), "the service behind is told that it is {who:?}");
    let key = Some(("X-Api-Key", service.token.clone()));
    expect("a service access token as X-Api-Key: 200", TOKENS, key, 200)?;
    personal.revoke(operator)?;
    expect("a revoked personal access token: 401", TOKENS, bearer(&personal.token), 401)?;

    let password = std::fs::read_to_string(&world.user.password_file)?;
    let basic = |password: &str| {
        Some((
            "Authorization",
            format!("Basic {}", base64(format!("{}:{password}", world.user.name).as_bytes())),
        ))
    };
    expect("a password where it is not taken: 401", TOKENS, basic(&password), 401)?;
    expect("a password of an app that takes it: 200", PASSWORDS, basic(&password), 200)?;
    expect("a wrong password: 401", PASSWORDS, basic("not-this-one"), 401).map(drop)
}

fn start(program: &Path, server: &RunningServer, world: &World) -> anyhow::Result<Site> {
    let mut site = Site::create("gateway")?;
    for path in [TOKENS, PASSWORDS] {
        site.write(&format!("site{path}"), DOCUMENT)?;
    }
    // One that is unpacked may lie where nobody gets.
    let own = site.write("nginx", std::fs::read(program)?)?;
    make_executable(&own)?;
    let file = site.write("nginx.conf", settings(&site, server, world)?)?;
    let (folder, log) = (site.folder().to_owned(), site.log());
    site.start(&own, |command| {
        command.arg("-p").arg(folder).arg("-c").arg(file).arg("-e").arg(log);
    })?;
    Ok(site)
}

fn make_executable(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o700))?)
}

fn settings(site: &Site, server: &RunningServer, world: &World) -> anyhow::Result<String> {
    let folder = site.folder().display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
        .concat();
    let question = format!(
        "http://{}/connect/forward-auth?audience={}&scope={}",
        server.address(),
        world.audience,
        world.scope
    );
    let legacy = world.app("legacy")?.credentials()?.client_id;
    let area = |name: &str, question: &str| {
        format!(
            "location /{name}/ {{\nauth_request /ask-{name};\n\
             auth_request_set $who $upstream_http_x_turnkeep_user_name;\nadd_header X-Who $who;\n}}\n\
             location = /ask-{name} {{\ninternal;\nproxy_pass {question};\n\
             proxy_pass_request_body off;\nproxy_set_header Content-Length \"\";\n}}\n"
        )
    };
    Ok(format!(
        "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {} warn;\nevents {{}}\nhttp {{\n\
         access_log off;\n{temporary}server {{\nlisten {};\nroot {folder}/site;\n{}{}}}\n}}\n",
        site.log().display(),
        site.address(),
        area("tokens", &question),
        area("passwords", &format!("{question}&client_id={legacy}")),
    ))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            (0..3).fold(0_usize, |group, at| group << 8 | chunk.get(at).map_or(0, |byte| usize::from(*byte)));
        for place in 0..4 {
            let digit = DIGITS.get(group >> (18 - 6 * place) & 63).map_or('=', |digit| char::from(*digit));
            text.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_in_base64() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }
}
