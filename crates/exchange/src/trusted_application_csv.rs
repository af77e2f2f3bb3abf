//! Seed 002's Trusted Application records as CSV (RFC 4180), the attributes of its table as column names in any
//! order, and an optional `Name`.

use csv::StringRecord;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ReferenceTokenPolicyName, ServicePrincipal};

use crate::check::app::{AppFieldNames, check_app};
use crate::check::app_secrets::hashed_secret;
use crate::check::repeated::SeenKeys;
use crate::document::app::{AppRecord, ServiceAccessRecord, SignInRecord};
use crate::import_set::{ImportError, ImportSet, MAX_RECORDS, RecordProblems, shown_name};

const APPLICATION_URI: &str = "ApplicationUri";
const CLIENT_TYPE: &str = "ClientType";
const SECRET_HASH: &str = "ApplicationSecretHash";
const LOGIN_URL: &str = "ImpersonateLoginUrl";
const LOGOUT_URL: &str = "ImpersonateLogoutUrl";
const INTERNAL: &str = "ImpersonateAsInternalUserAllowed";
const COMMUNITY: &str = "ImpersonateAsCommunityUserAllowed";
const SYSTEM_USER_ALLOWED: &str = "SystemUserAllowed";
const SYSTEM_USER: &str = "SystemUser";
const SCOPE: &str = "Scope";
const ACCESS_TOKENS: &str = "AccessTokens";
const BASIC: &str = "BasicAuthenticationAllowed";
const ENABLED: &str = "IsEnabled";
const NAME: &str = "Name";

const COLUMNS: [&str; 14] = [
    APPLICATION_URI,
    CLIENT_TYPE,
    SECRET_HASH,
    LOGIN_URL,
    LOGOUT_URL,
    INTERNAL,
    COMMUNITY,
    SYSTEM_USER_ALLOWED,
    SYSTEM_USER,
    SCOPE,
    ACCESS_TOKENS,
    BASIC,
    ENABLED,
    NAME,
];

const NAMES: AppFieldNames = AppFieldNames {
    client_id: APPLICATION_URI,
    name: NAME,
    login_redirect_uris: LOGIN_URL,
    logout_redirect_uris: LOGOUT_URL,
    scopes: SCOPE,
    service_user: SYSTEM_USER,
    secret: SECRET_HASH,
};

/// Reads the records.
pub(crate) fn read(text: &str) -> Result<ImportSet, ImportError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = reader.records();
    let header = rows.next().and_then(Result::ok).ok_or(ImportError::Header)?;
    let columns = columns_of(&header)?;
    let mut set = ImportSet::default();
    let mut seen = SeenKeys::default();
    for (index, row) in rows.enumerate() {
        if index == MAX_RECORDS {
            return Err(ImportError::TooManyRecords);
        }
        // As a spreadsheet counts them: the header is row 1.
        let label = format!("row {}", index + 2);
        let mut problems = RecordProblems::new(&label, &mut set.problems);
        let Ok(row) = row else {
            problems.add("", "is not readable");
            continue;
        };
        if row.len() != columns.len() {
            let (found, expected) = (row.len(), columns.len());
            problems.add("", format!("has {found} cells instead of {expected}"));
            continue;
        }
        let cells = Cells { columns: &columns, row: &row };
        cells.refuse_dangerous(&mut problems);
        let mut app = app_of(&cells, &mut problems);
        check_app(&mut app, &NAMES, &mut problems);
        if seen.repeats(&app.client_id) {
            problems.add(APPLICATION_URI, SeenKeys::MESSAGE);
        }
        if !problems.found_any() {
            set.records.apps.push(app);
        }
    }
    set.records.sort();
    Ok(set)
}

fn columns_of(header: &StringRecord) -> Result<Vec<&'static str>, ImportError> {
    if header.len() == 1 && header.iter().any(|cell| cell.contains([';', '\t'])) {
        return Err(ImportError::Header);
    }
    let mut columns = Vec::new();
    for cell in header {
        let name = cell.trim();
        let column = COLUMNS
            .into_iter()
            .find(|column| *column == name)
            .ok_or_else(|| ImportError::UnknownColumn { column: shown_name(name) })?;
        if columns.contains(&column) {
            return Err(ImportError::RepeatedColumn { column });
        }
        columns.push(column);
    }
    match [APPLICATION_URI, CLIENT_TYPE].into_iter().find(|column| !columns.contains(column)) {
        Some(column) => Err(ImportError::MissingColumn { column }),
        None => Ok(columns),
    }
}

/// The cells of a row by column.
struct Cells<'a> {
    columns: &'a [&'static str],
    row: &'a StringRecord,
}

impl Cells<'_> {
    /// Without surrounding white space; empty if the column is not there.
    fn text(&self, column: &str) -> &str {
        let cell = self.columns.iter().zip(self.row).find(|(name, _)| **name == column);
        cell.map(|(_, text)| text.trim()).unwrap_or_default()
    }

    /// The text, unless the cell is empty: that says nothing.
    fn said(&self, column: &str) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    fn flag(&self, column: &str, problems: &mut RecordProblems<'_>) -> Option<bool> {
        match self.said(column)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => {
                problems.add(column, "must be `true` or `false`");
                None
            }
        }
    }

    /// A cell that a spreadsheet would take for a formula is none of ours, and must not be when exported again. A
    /// hash in base 64 may begin with a plus sign; it is read strictly.
    fn refuse_dangerous(&self, problems: &mut RecordProblems<'_>) {
        for (column, cell) in self.columns.iter().zip(self.row) {
            if cell.contains(char::is_control) {
                problems.add(*column, "must not have control characters or line ends");
            } else if *column != SECRET_HASH && cell.trim_start().starts_with(['=', '+', '-', '@']) {
                problems.add(*column, "must not begin like a formula of a spreadsheet");
            }
        }
    }
}

fn app_of(cells: &Cells<'_>, problems: &mut RecordProblems<'_>) -> AppRecord {
    let client_type = client_type(cells, problems);
    let mut app = AppRecord::bare(cells.text(APPLICATION_URI).to_owned(), client_type);
    app.name = cells.said(NAME).map(str::to_owned);
    app.enabled = cells.flag(ENABLED, problems);
    app.sign_in = Some(SignInRecord {
        internal: cells.flag(INTERNAL, problems),
        community: cells.flag(COMMUNITY, problems),
    });
    app.service_access = service_access(cells, problems);
    app.login_redirect_uris = cells.said(LOGIN_URL).map(uris);
    app.logout_redirect_uris = cells.said(LOGOUT_URL).map(uris);
    app.scopes = cells.said(SCOPE).map(str::to_owned);
    app.reference_tokens = reference_tokens(cells, problems);
    app.basic_authentication = cells.flag(BASIC, problems);
    app.secrets = cells.said(SECRET_HASH).map(|hash| vec![hashed_secret(hash.to_owned())]);
    app
}

fn client_type(cells: &Cells<'_>, problems: &mut RecordProblems<'_>) -> ClientTypeName {
    match cells.text(CLIENT_TYPE).to_ascii_lowercase().as_str() {
        "public" => ClientTypeName::Public,
        "confidential" => ClientTypeName::Confidential,
        _ => {
            problems.add(CLIENT_TYPE, "must be `Public` or `Confidential`");
            ClientTypeName::Public
        }
    }
}

fn service_access(cells: &Cells<'_>, problems: &mut RecordProblems<'_>) -> Option<ServiceAccessRecord> {
    let user = cells.said(SYSTEM_USER).map(str::to_owned);
    let is_allowed = cells.flag(SYSTEM_USER_ALLOWED, problems);
    if is_allowed == Some(true) {
        return Some(ServiceAccessRecord { principal: ServicePrincipal::User, user });
    }
    if user.is_some() {
        problems.add(SYSTEM_USER, format!("is set although `{SYSTEM_USER_ALLOWED}` is not true"));
    }
    is_allowed.map(|_| ServiceAccessRecord::own(ServicePrincipal::None))
}

fn reference_tokens(
    cells: &Cells<'_>,
    problems: &mut RecordProblems<'_>,
) -> Option<ReferenceTokenPolicyName> {
    match cells.said(ACCESS_TOKENS)?.to_ascii_lowercase().as_str() {
        "none" => Some(ReferenceTokenPolicyName::None),
        "authenticatedusers" => Some(ReferenceTokenPolicyName::AuthenticatedUsers),
        "administratorsonly" => Some(ReferenceTokenPolicyName::AdministratorsOnly),
        _ => {
            problems.add(ACCESS_TOKENS, "must be `None`, `AuthenticatedUsers` or `AdministratorsOnly`");
            None
        }
    }
}

/// A comma is legal inside a URI, so only one that an absolute URI follows separates.
fn uris(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split(',') {
        match parts.last_mut() {
            Some(last) if !starts_uri(piece) => {
                last.push(',');
                last.push_str(piece);
            }
            Some(_) | None => parts.push(piece.to_owned()),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn starts_uri(piece: &str) -> bool {
    let in_scheme = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    piece
        .trim_start()
        .split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(in_scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_separates_only_before_another_uri() {
        assert_eq!(
            uris("https://a.example.com/cb?ids=1,2, https://b.example.com/cb,http://localhost:3000/"),
            ["https://a.example.com/cb?ids=1,2", "https://b.example.com/cb", "http://localhost:3000/"]
        );
        assert!(uris("").is_empty());
    }
}
