//! Clients of Ory Hydra: a JSON array, an object with them as `items` or `clients`, or one client after the other
//! (JSON lines).

use serde::Deserialize;
use serde_json::value::RawValue;
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ServicePrincipal};
use zeroize::Zeroizing;

use crate::check::app::{AppFieldNames, check_app};
use crate::check::app_secrets::{clear_secret, hashed_secret};
use crate::check::repeated::SeenKeys;
use crate::document::app::{AppRecord, ServiceAccessRecord, SignInRecord};
use crate::document::utc_time::UtcTime;
use crate::import_set::{ImportError, ImportSet, MAX_RECORDS, RecordProblems, SIGN_IN_UNSAID};
use crate::json_records::{RawRecords, document_error, peek_text, read_document, read_record, record_label};

/// Scopes that mean something to Hydra itself.
const BUILT_IN_SCOPES: [&str; 3] = ["offline", "offline_access", "openid"];

const NAMES: AppFieldNames = AppFieldNames {
    client_id: "client_id",
    name: "client_name",
    login_redirect_uris: "redirect_uris",
    logout_redirect_uris: "post_logout_redirect_uris",
    scopes: "scope",
    service_user: "grant_types",
    secret: "client_secret",
};

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, alias = "clients")]
    items: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Client {
    client_id: String,
    client_name: Option<String>,
    client_secret: Option<Zeroizing<String>>,
    /// Seconds since 1970; 0 is never.
    client_secret_expires_at: Option<i64>,
    grant_types: Option<Vec<String>>,
    scope: Option<String>,
    redirect_uris: Option<Vec<String>>,
    post_logout_redirect_uris: Option<Vec<String>>,
    token_endpoint_auth_method: Option<String>,
}

/// Reads clients.
pub(crate) fn read(text: &str) -> Result<ImportSet, ImportError> {
    let mut set = ImportSet::default();
    let mut seen = SeenKeys::default();
    for (index, raw) in clients(text)?.into_iter().enumerate() {
        let label = record_label("client", NAMES.client_id, index, raw);
        let mut problems = RecordProblems::new(&label, &mut set.problems);
        let Some(client) = read_record::<Client>(raw, &mut problems) else { continue };
        let mut app = app_of(client, &label, &mut problems, &mut set.notes);
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

fn clients(text: &str) -> Result<Vec<&RawValue>, ImportError> {
    let mut clients = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.map_err(|error| document_error(&error))?;
        let is_list = value.get().starts_with('[');
        if is_list {
            let list: RawRecords<'_> = read_document(value.get())?;
            clients.extend(list.0);
        } else if peek_text(value, NAMES.client_id).is_none()
            && let Ok(list) = read_document::<List<'_>>(value.get())
        {
            clients.extend(list.items.0);
        } else {
            clients.push(value);
        }
        if MAX_RECORDS < clients.len() {
            return Err(ImportError::TooManyRecords);
        }
    }
    Ok(clients)
}

fn app_of(
    client: Client,
    label: &str,
    problems: &mut RecordProblems<'_>,
    notes: &mut Vec<String>,
) -> AppRecord {
    let is_public = client.token_endpoint_auth_method.as_deref() == Some("none");
    let client_type = if is_public { ClientTypeName::Public } else { ClientTypeName::Confidential };
    let mut app = AppRecord::bare(client.client_id, client_type);
    app.name = client.client_name.filter(|name| !name.trim().is_empty());
    if let Some(grants) = &client.grant_types {
        take_grants(grants, &mut app, label, problems, notes);
    }
    app.login_redirect_uris = client.redirect_uris;
    app.logout_redirect_uris = client.post_logout_redirect_uris;
    app.scopes = client.scope.map(|scope| scopes(&scope, label, notes));
    let method = client.token_endpoint_auth_method.as_deref();
    if matches!(method, None | Some("client_secret_basic" | "client_secret_post")) {
        take_secret(client.client_secret.as_deref(), client.client_secret_expires_at, &mut app);
    } else if !is_public {
        problems.add("token_endpoint_auth_method", "only authentication with a secret can be taken over");
    }
    app
}

fn take_grants(
    grants: &[String],
    app: &mut AppRecord,
    label: &str,
    problems: &mut RecordProblems<'_>,
    notes: &mut Vec<String>,
) {
    const KNOWN: [&str; 3] = ["authorization_code", "client_credentials", "refresh_token"];
    let has = |grant: &str| grants.iter().any(|candidate| candidate == grant);
    app.sign_in = Some(SignInRecord { internal: Some(has("authorization_code")), community: None });
    let acts = has("client_credentials");
    if acts && app.client_type == ClientTypeName::Public {
        problems.add("grant_types", "a public client cannot act on its own");
    }
    let principal = if acts { ServicePrincipal::App } else { ServicePrincipal::None };
    app.service_access = Some(ServiceAccessRecord::own(principal));
    if grants.iter().any(|grant| !KNOWN.contains(&grant.as_str())) {
        notes.push(format!("{label}: grant types other than {} were left out", KNOWN.join(", ")));
    }
}

fn scopes(text: &str, label: &str, notes: &mut Vec<String>) -> String {
    let (built_in, own): (Vec<&str>, Vec<&str>) =
        text.split(' ').filter(|scope| !scope.is_empty()).partition(|scope| BUILT_IN_SCOPES.contains(scope));
    if !built_in.is_empty() {
        notes.push(format!("{label}: scopes of Hydra itself were left out: {}", built_in.join(", ")));
    }
    own.join(" ")
}

/// `hydra list clients` shows no secret at all; its database has a hash, and a client's own file the secret.
fn take_secret(secret: Option<&String>, expires_at: Option<i64>, app: &mut AppRecord) {
    let mut record = match secret.map(String::as_str) {
        None | Some("") => return,
        Some(hash) if hash.starts_with('$') => hashed_secret(hash.to_owned()),
        Some(secret) => clear_secret(secret.to_owned()),
    };
    record.expires_at = expires_at.filter(|secs| *secs != 0).map(|secs| UtcTime(Timestamp::from_secs(secs)));
    app.secrets = Some(vec![record]);
}
