//! What somebody does in the dashboard that has to do with secrets: each is shown once, or never.

use turnkeep_testkit::page_form::text_of;

use super::browser::Browser;
use super::estate::Estate;

/// A secret key that is typed in there.
const STORAGE_KEY: &str = "canary+storage/key=in-the-dashboard";

/// A page below the tenant, its form, what is filled in, and the element of the answer with the secret.
type Errand = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const ERRANDS: [Errand; 5] = [
    ("/apps/new", "new-app-form", &[("region", "eu-west"), ("name", "Shop")], "client-secret"),
    ("/apps/{app}/secrets", "add-secret-form", &[("overlap_seconds", "3600")], "secret"),
    ("/apps/{app}/secrets", "regenerate-form", &[("old_secrets_stop", "on")], "secret"),
    (
        "/apps/{app}/tokens",
        "new-token-form",
        &[("name", "nightly"), ("scope:read", "on"), ("lifetime_days", "30")],
        "secret",
    ),
    ("/members", "invite-form", &[("user_name", "hedy"), ("role", "auditor")], "invitation-link"),
];

/// Does all of it, as an operator. What was shown, with the names of it.
pub(super) fn run_errands(estate: &Estate, olga: &Browser, app_id: &str) -> Vec<(&'static str, String)> {
    let below = format!("/dashboard/tenants/{}", estate.tenant);
    let shown = ERRANDS.map(|(path, form, fields, id)| {
        let path = format!("{below}{}", path.replace("{app}", app_id));
        (form, shown_once(olga, &path, (form, fields), id))
    });
    // Without an address, so that no mail has the link.
    let person = format!("/dashboard/people/{}", estate.user("community", "wanda"));
    let welcome = shown_once(olga, &person, ("welcome-form", &[]), "welcome-link");
    let storage = olga.get(&format!("{below}/apps/{app_id}/storage"));
    let fields = [
        ("provider", "minio"),
        ("bucket", "documents"),
        ("endpoint", "https://storage.example.com"),
        ("access_key", "AKIAEXAMPLE"),
        ("secret_key", STORAGE_KEY),
    ];
    assert_eq!(olga.submit(&storage, "storage-form", &fields).status, 303);
    let others = [("welcome-form", welcome), ("storage-form", STORAGE_KEY.to_owned())];
    shown.into_iter().chain(others).collect()
}

/// The secret in the answer to a form of a page, also where it is in a link.
fn shown_once(olga: &Browser, path: &str, (form, fields): (&str, &[(&str, &str)]), id: &str) -> String {
    let answer = olga.submit(&olga.get(path), form, fields);
    let text = text_of(&answer.text, id).unwrap_or_else(|| panic!("{form}: {answer:?}"));
    text.rsplit("token=").next().unwrap().to_owned()
}
