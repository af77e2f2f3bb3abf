//! A demo with a tenant of its own, people with passwords, and apps that they sign in to.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use super::browser::{Browser, Page};
use super::relying_party::{REDIRECT, RelyingParty, member};
use crate::process::{Demo, turnkeep};
use crate::wire::{Answer, Management};

/// The password of everybody.
pub(super) const PASSWORD: &str = "violet otters plough tin harbours";

/// Somebody with a password.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
}

impl Person {
    /// Fills in the form for signing in.
    #[track_caller]
    pub(super) fn fill_in(&self, browser: &Browser, page: &Page) -> Page {
        browser.submit(page, "sign-in-form", &[("user_name", &self.name), ("password", PASSWORD)])
    }

    /// Signs in without an app.
    #[track_caller]
    pub(super) fn sign_in(&self, browser: &Browser) {
        let admitted = self.fill_in(browser, &browser.get("/account/sign-in"));
        assert_eq!((admitted.status, admitted.location.as_deref()), (303, Some("/account")), "{admitted:?}");
    }
}

/// A demo and what was made in it.
pub(super) struct Estate {
    pub(super) demo: Demo,
    pub(super) folder: TempDir,
    pub(super) tenant: String,
    database: Vec<String>,
}

impl Estate {
    /// On SQLite.
    pub(super) fn new() -> Self {
        let folder = tempdir().unwrap();
        Self::of(Demo::start(folder.path()), folder, Vec::new())
    }

    /// On a database of PostgreSQL.
    pub(super) fn on(database: &str) -> Self {
        let folder = tempdir().unwrap();
        let database = ["--database", database];
        Self::of(Demo::start_with(folder.path(), &database), folder, database.map(str::to_owned).to_vec())
    }

    /// Of a demo that runs in `folder`.
    pub(super) fn of(demo: Demo, folder: TempDir, database: Vec<String>) -> Self {
        let management = Management::of(&demo);
        let made = created(management.post("/tenants", &json!({"name": "Acme", "app_limit": 10})));
        let tenant = member(&made, "id");
        assert_eq!(management.act(&format!("/tenants/{tenant}/activate")).status, 200);
        fs::write(folder.path().join("operator.json"), demo.facts["operator"].to_string()).unwrap();
        Self { demo, folder, tenant, database }
    }

    pub(super) fn management(&self) -> Management {
        Management::of(&self.demo)
    }

    pub(super) fn address(&self) -> &str {
        &self.demo.server.address
    }

    /// A browser without cookies.
    pub(super) fn browser(&self) -> Browser {
        Browser::new(self.address())
    }

    /// A file in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command at the running server.
    pub(super) fn at_server(&self, words: &[&str]) -> Output {
        let mut command = turnkeep(words);
        command.args(["--server", self.address()]).arg("--credentials").arg(self.path("operator.json"));
        command.output().unwrap()
    }

    /// A command on the server's own files; what it says.
    #[track_caller]
    pub(super) fn on_files(&self, words: &[&str]) -> String {
        let mut command = turnkeep(words);
        command.args(&self.database).arg("--data").arg(self.path("data"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A user without a password; the id.
    pub(super) fn user(&self, kind: &str, name: &str) -> String {
        let user = json!({"kind": kind, "name": name, "display_name": name});
        member(&created(self.management().post("/users", &user)), "id")
    }

    /// Somebody whose password was set at the command line.
    pub(super) fn person(&self, kind: &str, name: &str) -> Person {
        let id = self.user(kind, name);
        self.set_password(name, PASSWORD);
        Person { id, name: name.to_owned() }
    }

    /// Sets a password at the command line, while the server runs.
    pub(super) fn set_password(&self, name: &str, password: &str) {
        let file = self.path("password");
        fs::write(&file, password).unwrap();
        self.on_files(&["user", "set-password", name, "--password-file", file.to_str().unwrap()]);
    }

    /// An app of the tenant.
    pub(super) fn app(&self, name: &str, settings: &Value) -> RelyingParty {
        let mut app = json!({"tenant_id": self.tenant, "name": name, "region": "eu-west"});
        app.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let made = created(self.management().post("/apps", &app));
        self.relying_party(&made.body, made.body["client_secret"].as_str())
    }

    /// An app that internal users sign in to.
    pub(super) fn portal(&self, more: &Value) -> RelyingParty {
        let mut settings = json!({
            "client_type": "confidential", "sign_in": {"internal": true}, "scopes": "read",
            "service_access": {"as": "app"}, "login_redirect_uris": [REDIRECT],
        });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.app("Portal", &settings)
    }

    /// The app of a record of the management API.
    pub(super) fn relying_party(&self, record: &Value, secret: Option<&str>) -> RelyingParty {
        RelyingParty {
            id: record["id"].as_str().unwrap().to_owned(),
            client_id: record["client_id"].as_str().unwrap().to_owned(),
            secret: secret.map(str::to_owned),
            address: self.address().to_owned(),
        }
    }

    /// A personal access token of somebody for an app.
    pub(super) fn personal_token(&self, person: &Person, app: &RelyingParty) -> String {
        let membership = format!("/tenants/{}/members/{}", self.tenant, person.id);
        assert!(matches!(
            self.management().put(&membership, &json!({"role": "developer"})).status,
            200 | 201
        ));
        let tenant = json!({"tenant_id": self.tenant});
        let bearer = created(self.management().post(&format!("/users/{}/tokens", person.id), &tenant));
        let own = self.management().with_token(&member(&bearer, "token"));
        let wanted = json!({"kind": "personal", "name": "laptop", "scopes": "read", "lifetime_days": 7});
        member(&created(own.post(&format!("/apps/{}/reference-tokens", app.id), &wanted)), "token")
    }
}

#[track_caller]
fn created(answer: Answer) -> Answer {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer
}
