//! The export of a Keycloak realm (`kc.sh export`, or the console's partial export): its OpenID Connect clients
//! become apps. Users, roles, groups, flows and mappers stay where they are.

use std::collections::BTreeMap;

use serde::Deserialize;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ServicePrincipal};
use zeroize::Zeroizing;

use crate::check::app::{AppFieldNames, check_app};
use crate::check::app_secrets::clear_secret;
use crate::check::repeated::SeenKeys;
use crate::document::app::{AppRecord, ServiceAccessRecord, SignInRecord};
use crate::import_set::{ImportError, ImportSet, RecordProblems, SIGN_IN_UNSAID};
use crate::json_records::{RawRecords, read_document, read_record, record_label};

/// What Keycloak creates in every realm for itself.
const INTERNAL_CLIENTS: [&str; 6] =
    ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];

/// Client scopes that Keycloak creates in every realm: bundles of claims, not permissions.
const BUILT_IN_SCOPES: [&str; 14] = [
    "acr",
    "address",
    "basic",
    "email",
    "microprofile-jwt",
    "offline_access",
    "organization",
    "phone",
    "profile",
    "role_list",
    "roles",
    "saml_organization",
    "service_account",
    "web-origins",
];

const NAMES: AppFieldNames = AppFieldNames {
    client_id: "clientId",
    name: "name",
    login_redirect_uris: "redirectUris",
    logout_redirect_uris: POST_LOGOUT,
    scopes: "defaultClientScopes, optionalClientScopes",
    service_user: "serviceAccountsEnabled",
    secret: "secret",
};

const POST_LOGOUT: &str = "attributes.post.logout.redirect.uris";

#[derive(Deserialize)]
struct Realm<'a> {
    #[serde(borrow)]
    clients: Option<RawRecords<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    client_id: String,
    name: Option<String>,
    enabled: Option<bool>,
    protocol: Option<String>,
    #[serde(default)]
    public_client: bool,
    #[serde(default)]
    bearer_only: bool,
    standard_flow_enabled: Option<bool>,
    #[serde(default)]
    implicit_flow_enabled: bool,
    #[serde(default)]
    direct_access_grants_enabled: bool,
    service_accounts_enabled: Option<bool>,
    client_authenticator_type: Option<String>,
    secret: Option<Zeroizing<String>>,
    root_url: Option<String>,
    redirect_uris: Option<Vec<String>>,
    default_client_scopes: Option<Vec<String>>,
    optional_client_scopes: Option<Vec<String>>,
    #[serde(default)]
    attributes: BTreeMap<String, Option<String>>,
}

/// Reads a realm.
pub(crate) fn read(text: &str) -> Result<ImportSet, ImportError> {
    let realm: Realm<'_> = read_document(text)?;
    let clients = realm.clients.ok_or(ImportError::MissingMember { member: "clients" })?;
    let mut set = ImportSet::default();
    let mut seen = SeenKeys::default();
    for (index, raw) in clients.0.iter().enumerate() {
        let label = record_label("client", NAMES.client_id, index, raw);
        let mut problems = RecordProblems::new(&label, &mut set.problems);
        let Some(client) = read_record::<Client>(raw, &mut problems) else { continue };
        if let Some(reason) = reason_to_skip(&client) {
            set.notes.push(format!("{label}: left out, {reason}"));
            continue;
        }
        let mut app = app_of(&client, &label, &mut problems, &mut set.notes);
        check_app(&mut app, &NAMES, &mut problems);
        if seen.repeats(&app.client_id) {
            problems.add(NAMES.client_id, SeenKeys::MESSAGE);
        }
        if !problems.found_any() {
            set.notes.extend(app.sign_in.is_none().then(|| format!("{label}: {SIGN_IN_UNSAID}")));
            set.records.apps.push(app);
        }
    }
    set.records.sort();
    Ok(set)
}

fn reason_to_skip(client: &Client) -> Option<&'static str> {
    if INTERNAL_CLIENTS.contains(&client.client_id.as_str()) {
        Some("as it belongs to Keycloak itself")
    } else if client.protocol.as_deref().is_some_and(|protocol| protocol != "openid-connect") {
        Some("as it does not speak OpenID Connect")
    } else if client.bearer_only {
        Some("as it only accepts tokens: make it a resource")
    } else {
        None
    }
}

fn app_of(
    client: &Client,
    label: &str,
    problems: &mut RecordProblems<'_>,
    notes: &mut Vec<String>,
) -> AppRecord {
    let client_type =
        if client.public_client { ClientTypeName::Public } else { ClientTypeName::Confidential };
    let name = match client.name.as_deref() {
        // `${client_account}` and the like stand for a translation that the export does not have.
        Some(name) if !name.trim().is_empty() && !name.contains("${") => Some(name.to_owned()),
        Some(_) | None => None,
    };
    let mut app =
        AppRecord { name, enabled: client.enabled, ..AppRecord::bare(client.client_id.clone(), client_type) };
    app.sign_in = client
        .standard_flow_enabled
        .map(|internal| SignInRecord { internal: Some(internal), community: None });
    app.service_access = client.service_accounts_enabled.map(|enabled| {
        ServiceAccessRecord::own(if enabled { ServicePrincipal::App } else { ServicePrincipal::None })
    });
    app.login_redirect_uris =
        client.redirect_uris.as_ref().map(|uris| resolved(uris, client, "redirectUris", problems));
    app.logout_redirect_uris = logout_uris(client, app.login_redirect_uris.as_deref(), problems);
    app.scopes = scopes(client, label, notes);
    take_lifetime(client, &mut app, label, notes);
    if client.implicit_flow_enabled || client.direct_access_grants_enabled {
        notes
            .push(format!("{label}: implicit flow and password grant have no counterpart and were left out"));
    }
    take_secret(client, &mut app, problems);
    app
}

/// A path stands for one below the client's root URL.
fn resolved(uris: &[String], client: &Client, field: &str, problems: &mut RecordProblems<'_>) -> Vec<String> {
    let mut resolved = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        let field = format!("{field}[{index}]");
        if uri.contains('*') {
            problems.add(field, "has a wildcard; redirect URIs are compared exactly, so list each one");
        } else if !uri.starts_with('/') {
            resolved.push(uri.clone());
        } else if let Some(root) =
            client.root_url.as_deref().filter(|root| root.contains("://") && !root.contains("${"))
        {
            resolved.push(format!("{}{uri}", root.trim_end_matches('/')));
        } else {
            problems.add(field, "is a path, and the client has no root URL of its own");
        }
    }
    resolved
}

/// `##` separates; `+` stands for the redirect URIs, `-` for none.
fn logout_uris(
    client: &Client,
    login: Option<&[String]>,
    problems: &mut RecordProblems<'_>,
) -> Option<Vec<String>> {
    let list = client.attributes.get("post.logout.redirect.uris")?.as_ref()?;
    let mut uris = Vec::new();
    for part in list.split("##").map(str::trim) {
        match part {
            "" | "-" => {}
            "+" => uris.extend(login.into_iter().flatten().cloned()),
            uri => uris.push(uri.to_owned()),
        }
    }
    Some(resolved(&uris, client, POST_LOGOUT, problems))
}

fn scopes(client: &Client, label: &str, notes: &mut Vec<String>) -> Option<String> {
    let lists = [&client.default_client_scopes, &client.optional_client_scopes];
    if lists.iter().all(|list| list.is_none()) {
        return None;
    }
    let all = lists.into_iter().flatten().flatten();
    let (built_in, own): (Vec<&String>, Vec<&String>) =
        all.partition(|scope| BUILT_IN_SCOPES.contains(&scope.as_str()));
    if !built_in.is_empty() {
        let names = built_in.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        notes.push(format!("{label}: Keycloak's own client scopes were left out: {names}"));
    }
    // A name with a space would turn into two.
    let own = own.into_iter().map(|scope| scope.replace(' ', "\u{a0}"));
    Some(own.collect::<Vec<_>>().join(" "))
}

fn take_lifetime(client: &Client, app: &mut AppRecord, label: &str, notes: &mut Vec<String>) {
    let Some(Some(text)) = client.attributes.get("access.token.lifespan") else {
        return;
    };
    match text.parse().ok().filter(|secs| TokenLifetime::from_secs(*secs).is_ok()) {
        Some(secs) => app.token_lifetime_seconds = Some(secs),
        None => notes.push(format!(
            "{label}: the lifetime of its access tokens is not possible here and was left out"
        )),
    }
}

fn take_secret(client: &Client, app: &mut AppRecord, problems: &mut RecordProblems<'_>) {
    if client.public_client {
        if client.service_accounts_enabled == Some(true) {
            problems.add("serviceAccountsEnabled", "a public client cannot act on its own");
        }
        return;
    }
    match client.client_authenticator_type.as_deref() {
        None | Some("client-secret") => {}
        Some(_) => {
            problems.add("clientAuthenticatorType", "only `client-secret` can be taken over");
            return;
        }
    }
    let said = client.secret.as_deref().filter(|secret| !secret.is_empty());
    app.secrets = said.map(|secret| vec![clear_secret(secret.clone())]);
}
