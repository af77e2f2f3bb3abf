//! Apache as a relying party (mod_auth_openidc) and as a resource server (mod_oauth2).

use std::path::Path;

use anyhow::{Context, ensure};

use super::person::Person;
use super::site::Site;
use super::tell;
use super::world::{App, World};
use crate::http;
use crate::installation::RunningServer;
use crate::management::{Credentials, fetch_token};
use crate::setup::Apache;

const BROWSER: &str = "apache";

/// A page that only somebody who has signed in sees.
pub(super) fn check_relying_party(apache: &Apache, world: &World, person: &Person) -> anyhow::Result<()> {
    const CLIENT: &str = "mod_auth_openidc";
    let app = world.app("apache")?;
    let mut site = Site::create_at("relying-party", app.address)?;
    site.write("site/protected/index.html", "<p>hello <!--#echo var=\"REMOTE_USER\" -->\n")?;
    site.write("site/signed-out", "good-bye")?;
    start(apache, &mut site, &relying_party(world, app)?)?;
    let origin = app.origin();
    let page = format!("{origin}/protected/index.html");
    let outcome = person.errand(BROWSER, &page, &page).and_then(|said| {
        ensure!(said.trim() == format!("hello {}", world.user.name), "the page says: {said}");
        Ok(())
    });
    site.explain(outcome)?;
    tell(CLIENT, "sign-in and consent, code + PKCE, ID token, userinfo");

    let target = format!("{origin}/signed-out");
    let url = format!("{origin}/callback?logout={}", target.replace(':', "%3A").replace('/', "%2F"));
    site.explain(person.errand(BROWSER, &url, &target).map(drop))?;
    tell(CLIENT, "logout");
    // Only browsers are sent away.
    let again = site.get("/protected/index.html", vec![("Accept", "text/html".to_owned())])?;
    ensure!(again.status == 302, "without a session the page is answered {}", again.status);
    tell(CLIENT, "without a session it asks again");
    Ok(())
}

/// An API behind access tokens: looked at by key set, and by introspection.
pub(super) fn check_resource_server(
    apache: &Apache,
    server: &RunningServer,
    world: &World,
) -> anyhow::Result<()> {
    const CLIENT: &str = "mod_oauth2";
    let mut site = Site::create("resource-server")?;
    for folder in ["keys", "introspected"] {
        site.write(&format!("site/{folder}/document"), "a document")?;
    }
    let app = world.app("service")?;
    start(apache, &mut site, &resource_server(world, app)?)?;
    let credentials = app.credentials()?;
    let token = fetch_token(server.address(), &credentials)?;
    let other = fetch_token(server.address(), &credentials)?;
    let expect = |path: &str, token: Option<&str>, status: u16| {
        let headers = token.map(|token| ("Authorization", format!("Bearer {token}"))).into_iter().collect();
        let answer = site.get(path, headers)?;
        ensure!(answer.status == status, "{path} is answered {}, not {status}", answer.status);
        Ok(())
    };
    for (check, path, token, status) in [
        ("no token, by the key set: 401", "/keys/document", None, 401),
        ("a token, by the key set: 200", "/keys/document", Some(token.clone()), 200),
        ("a forged token, by the key set: 401", "/keys/document", Some(forged(&token, &other)?), 401),
        ("a token, by introspection: 200", "/introspected/document", Some(token.clone()), 200),
        (
            "a forged token, by introspection: 401",
            "/introspected/document",
            Some(forged(&token, &other)?),
            401,
        ),
    ] {
        site.explain(expect(path, token.as_deref(), status)).context(check)?;
        tell(CLIENT, check);
    }
    revoke(server, &credentials, &other)?;
    site.explain(expect("/introspected/document", Some(&other), 401))?;
    tell(CLIENT, "a revoked token, by introspection: 401");
    Ok(())
}

/// The claims of one token with the signature of another.
fn forged(claims: &str, signature: &str) -> anyhow::Result<String> {
    let (signed, _) = claims.rsplit_once('.').context("a token has no signature")?;
    let (_, signature) = signature.rsplit_once('.').context("a token has no signature")?;
    Ok(format!("{signed}.{signature}"))
}

fn revoke(server: &RunningServer, app: &Credentials, token: &str) -> anyhow::Result<()> {
    let Credentials { client_id, client_secret } = app;
    let form = format!("token={token}&client_id={client_id}&client_secret={client_secret}");
    let answer = http::post_form(server.address(), "/connect/revoke", &form)?;
    ensure!(answer.status == 200, "revocation was answered {}", answer.status);
    Ok(())
}

fn start(apache: &Apache, site: &mut Site, settings: &str) -> anyhow::Result<()> {
    let folder = site.folder().display();
    let modules = [
        ("mpm_event", "mpm_event"),
        ("authn_core", "authn_core"),
        ("authz_core", "authz_core"),
        ("authz_user", "authz_user"),
        ("filter", "filter"),
        ("include", "include"),
        ("auth_openidc", "auth_openidc"),
        ("oauth2", "oauth2"),
    ];
    let load = |(name, file): (&str, &str)| {
        format!("LoadModule {name}_module \"{}\"\n", module(&apache.modules, file))
    };
    let text = format!(
        "ServerRoot \"{folder}\"\nServerName localhost\nListen {}\nPidFile \"{folder}/pid\"\n\
         ErrorLog \"{}\"\nLogLevel warn\nDefaultRuntimeDir \"{folder}\"\nDocumentRoot \"{folder}/site\"\n{}{settings}",
        site.address(),
        site.log().display(),
        modules.map(load).concat(),
    );
    let file = site.write("apache.conf", text)?;
    // One process, in the foreground.
    site.start(&apache.program, |command| {
        command.arg("-X").arg("-f").arg(file);
    })
}

fn module(folder: &Path, name: &str) -> String {
    folder.join(format!("mod_{name}.so")).display().to_string()
}

fn relying_party(world: &World, app: &App) -> anyhow::Result<String> {
    let Credentials { client_id, client_secret } = app.credentials()?;
    let protected = "AuthType openid-connect\nRequire valid-user\n";
    Ok(format!(
        "OIDCProviderMetadataURL \"{}/.well-known/openid-configuration\"\nOIDCClientID \"{client_id}\"\n\
         OIDCClientSecret \"{client_secret}\"\nOIDCRedirectURI \"{}\"\n\
         OIDCCryptoPassphrase \"of sessions that last for seconds\"\nOIDCPKCEMethod S256\n\
         OIDCScope \"openid profile\"\nOIDCRemoteUserClaim preferred_username\n\
         <Location \"/callback\">\n{protected}</Location>\n\
         <Location \"/protected\">\n{protected}Options +Includes\nSetOutputFilter INCLUDES\n</Location>\n",
        world.issuer, app.redirect_uri,
    ))
}

fn resource_server(world: &World, app: &App) -> anyhow::Result<String> {
    let Credentials { client_id, client_secret } = app.credentials()?;
    let issuer = &world.issuer;
    let area = |path: &str, verify: &str| {
        format!(
            "<Location \"{path}\">\nAuthType oauth2\nOAuth2TokenVerify {verify}\nRequire valid-user\n</Location>\n"
        )
    };
    let introspection = format!(
        "introspect {issuer}/connect/introspect introspect.auth=client_secret_basic&client_id={client_id}\
         &client_secret={client_secret}"
    );
    Ok(area("/keys", &format!("jwks_uri {issuer}/.well-known/jwks.json"))
        + &area("/introspected", &introspection))
}
