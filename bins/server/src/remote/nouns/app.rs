//! `turnkeep app`.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;
use turnkeep_domain::id::{AppId, PlanId, TenantId, UserId};

use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm_loss};
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::nouns::duration::parse_seconds;
use crate::remote::nouns::explain::explain;
use crate::remote::outcome::RemoteResult;
use crate::remote::secret_once::{SecretFlags, show_once};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("CLIENT ID", "client_id"),
    ("ENABLED", "enabled"),
    ("REGION", "license_region"),
    ("SCOPES", "scopes"),
    ("WARNINGS", "warnings"),
];

/// What can be done with apps.
#[derive(Debug, Subcommand)]
pub(crate) enum AppVerb {
    /// List apps
    List(AppList),
    /// Show an app
    Show {
        /// The app
        app: AppId,
    },
    /// Register an app; its secret is shown once
    #[command(
        after_help = "Example:\n  turnkeep app create --tenant ten_… --name Invoices --region eu-west \\\n      --domain app.example.com --scope invoices.read --secret-out invoices.secret"
    )]
    Create(Box<CreateApp>),
    /// Change an app; what is not named stays as it is
    Update(Box<UpdateApp>),
    /// Let it get tokens again
    Enable {
        /// The app
        app: AppId,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Kill switch: no tokens, and those it has are dead
    Disable {
        /// The app
        app: AppId,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Delete an app for good, with its secrets
    Delete {
        /// The app
        app: AppId,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Say why it can or cannot get a token
    Explain {
        /// The app
        app: AppId,
    },
    /// Give it a plan, take it away, or put it on hold
    #[command(subcommand)]
    Plan(AppPlanVerb),
}

/// `app list`.
#[derive(Debug, Args)]
pub(crate) struct AppList {
    /// Only of this tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<TenantId>,
    /// Only with this in their name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only the one with this client id
    #[arg(long, value_name = "CLIENT_ID")]
    client_id: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["enabled", "disabled"])]
    state: Option<String>,
    /// Only on this plan
    #[arg(long, value_name = "PLAN")]
    plan: Option<PlanId>,
    /// Only in the region with this code
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// Only those that may be granted this scope
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
    /// Which part.
    #[command(flatten)]
    list: ListFlags,
}

/// `app create`.
#[derive(Debug, Args)]
pub(crate) struct CreateApp {
    /// The owner; an operator has to name it
    #[arg(long, value_name = "TENANT")]
    tenant: Option<TenantId>,
    /// Name for people, unique in the tenant
    #[arg(long)]
    name: String,
    /// Code or id of the license region
    #[arg(long)]
    region: String,
    /// Client id that a vendor chose, such as com.vendor/app; generated if absent
    #[arg(long, value_name = "CLIENT_ID")]
    client_id: Option<String>,
    /// Whether it can keep a secret
    #[arg(long = "type", value_name = "TYPE", value_parser = ["confidential", "public"])]
    client_type: Option<String>,
    /// The plan to start with
    #[arg(long, value_name = "PLAN")]
    plan: Option<PlanId>,
    /// Where the secret goes.
    #[command(flatten)]
    secret: SecretFlags,
    /// Settings.
    #[command(flatten)]
    settings: AppSettingsFlags,
}

/// `app update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateApp {
    /// The app
    app: AppId,
    /// Name for people, unique in the tenant
    #[arg(long)]
    name: Option<String>,
    /// Clear a setting, or give it its default
    #[arg(long, value_name = "SETTING", value_parser = SETTINGS)]
    reset: Vec<String>,
    /// Only if it still has this version
    #[arg(long, value_name = "N")]
    if_version: Option<u64>,
    /// Settings.
    #[command(flatten)]
    settings: AppSettingsFlags,
}

const SETTINGS: [&str; 11] = [
    "allowed-domains",
    "login-redirect-uris",
    "logout-redirect-uris",
    "sign-in",
    "service-access",
    "scopes",
    "reference-tokens",
    "basic-authentication",
    "token-lifetime-seconds",
    "pkce",
    "backchannel-logout-uri",
];

/// The settings that `create` and `update` share.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
struct AppSettingsFlags {
    /// Allowed domain; up to three, `-` leaves a slot empty
    #[arg(long = "domain", value_name = "DOMAIN", allow_hyphen_values = true)]
    domains: Vec<String>,
    /// Where sign-in may lead back to; repeatable
    #[arg(long = "login-redirect-uri", value_name = "URI")]
    login_redirect_uris: Vec<String>,
    /// Where sign-out may lead back to; repeatable
    #[arg(long = "logout-redirect-uri", value_name = "URI")]
    logout_redirect_uris: Vec<String>,
    /// Whether the platform's own people may sign in
    #[arg(long, value_name = "BOOL")]
    internal_sign_in: Option<bool>,
    /// Whether everybody else may sign in
    #[arg(long, value_name = "BOOL")]
    community_sign_in: Option<bool>,
    /// As whom it acts without a person
    #[arg(long, value_enum, value_name = "WHO", conflicts_with = "as_user")]
    service_access: Option<ServiceAccess>,
    /// Act as this system user without a person
    #[arg(long, value_name = "USER")]
    as_user: Option<UserId>,
    /// A scope that it may be granted; repeatable
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Who may make reference tokens
    #[arg(long, value_name = "WHO", value_parser = ["none", "authenticated_users", "administrators_only"])]
    reference_tokens: Option<String>,
    /// Legacy Basic authentication of users
    #[arg(long, value_name = "BOOL")]
    basic_authentication: Option<bool>,
    /// Lifetime of its access tokens, 1m to 15m
    #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
    token_lifetime: Option<u64>,
    /// Whether people can sign in to it without PKCE; only operators lift that
    #[arg(long, value_name = "RULE", value_parser = ["required", "optional"])]
    pkce: Option<String>,
    /// Where it is told that a session is over
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
}

/// As whom an app acts without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ServiceAccess {
    /// As itself
    App,
    /// Not at all
    None,
}

impl AppSettingsFlags {
    fn add_to(&self, fields: Fields) -> Fields {
        let slots = self
            .domains
            .iter()
            .map(|domain| if domain == "-" { Value::Null } else { domain.as_str().into() });
        let slots: Vec<Value> = slots.collect();
        let access = match (self.service_access, self.as_user) {
            (_, Some(user)) => {
                Fields::default().with("as", Some("user")).with("user_id", Some(user.to_string()))
            }
            (Some(ServiceAccess::App), None) => Fields::default().with("as", Some("app")),
            (Some(ServiceAccess::None), None) => Fields::default().with("as", Some("none")),
            (None, None) => Fields::default(),
        };
        let sign_in = Fields::default()
            .with("internal", self.internal_sign_in)
            .with("community", self.community_sign_in);
        fields
            .with("allowed_domains", (!slots.is_empty()).then_some(slots))
            .with_list("login_redirect_uris", &self.login_redirect_uris)
            .with_list("logout_redirect_uris", &self.logout_redirect_uris)
            .with_group("sign_in", sign_in)
            .with_group("service_access", access)
            .with("scopes", (!self.scopes.is_empty()).then(|| self.scopes.join(" ")))
            .with("reference_tokens", self.reference_tokens.clone())
            .with("basic_authentication", self.basic_authentication)
            .with("token_lifetime_seconds", self.token_lifetime)
            .with("pkce", self.pkce.clone())
            .with("backchannel_logout_uri", self.backchannel_logout_uri.clone())
    }
}

/// `app plan …`.
#[derive(Debug, Subcommand)]
pub(crate) enum AppPlanVerb {
    /// Put an app on a plan; also ends a hold
    Set {
        /// The app
        app: AppId,
        /// The plan
        plan: PlanId,
    },
    /// Take the plan away; the app goes on without limits
    Remove {
        /// The app
        app: AppId,
    },
    /// No tokens for now, for example while a payment is missing
    Hold {
        /// The app
        app: AppId,
    },
    /// End a hold
    Release {
        /// The app
        app: AppId,
    },
}

impl RemoteCommand for AppVerb {
    fn run(self, session: &Session) -> RemoteResult {
        let read = |app: AppId| Call::get(&[&"apps", &app]);
        match self {
            Self::List(flags) => flags.run(session),
            Self::Show { app } => session.show(&read(app), ""),
            Self::Create(flags) => flags.run(session),
            Self::Update(flags) => flags.run(session),
            Self::Enable { app, if_version } => {
                session.show(&Call::post(&[&"apps", &app, &"enable"]).if_version(if_version), "")
            }
            Self::Disable { app, if_version } => {
                let call = Call::post(&[&"apps", &app, &"disable"]).if_version(if_version);
                session.take_away("disable", "app", Subject::Record(&read(app)), &call)
            }
            Self::Delete { app, if_version } => {
                let call = Call::delete(&[&"apps", &app]).if_version(if_version);
                session.take_away("delete", "app", Subject::Record(&read(app)), &call)
            }
            Self::Explain { app } => explain(session, &app.to_string()),
            Self::Plan(verb) => verb.run(session),
        }
    }
}

impl AppList {
    fn run(self, session: &Session) -> RemoteResult {
        let call = Call::get(&[&"apps"])
            .query("tenant_id", self.tenant)
            .query("search", self.search)
            .query("client_id", self.client_id)
            .query("state", self.state)
            .query("plan_id", self.plan)
            .query("region", self.region)
            .query("scope", self.scope);
        list(session, &call, &self.list, COLUMNS)
    }
}

impl CreateApp {
    fn run(self, session: &Session) -> RemoteResult {
        let fields = Fields::default()
            .with("tenant_id", self.tenant.map(|id| id.to_string()))
            .with("name", Some(self.name))
            .with("region", Some(self.region))
            .with("client_id", self.client_id)
            .with("client_type", self.client_type)
            .with("plan_id", self.plan.map(|id| id.to_string()));
        let call = Call::post(&[&"apps"]).body(&self.settings.add_to(fields).body());
        show_once(session, &call, "client_secret", &self.secret)
    }
}

impl UpdateApp {
    fn run(self, session: &Session) -> RemoteResult {
        let fields = self.settings.add_to(Fields::default().with("name", self.name));
        let body = fields.with_nulls(&self.reset).change()?;
        if ["scopes", "service_access"].iter().any(|name| body.get(name).is_some()) {
            let read = Call::get(&[&"apps", &self.app]);
            confirm_loss(session, "app", &read, "whose tokens will be dead", |app| takes_access(app, &body))?;
        }
        session.show(&Call::patch(&[&"apps", &self.app]).body(&body).if_version(self.if_version), "")
    }
}

/// Whether a change leaves an app less than it has, which kills its tokens. What a default is, only the server knows.
fn takes_access(app: &Value, change: &Value) -> bool {
    let scopes = |record: &Value| -> Vec<String> {
        let text = find(record, "scopes").and_then(Value::as_str).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    };
    let kept = scopes(change);
    let loses_scopes = change.get("scopes").is_some() && !scopes(app).iter().all(|had| kept.contains(had));
    let who = |record: &Value, name| find(record, name).cloned().unwrap_or_default();
    let access = ["service_access.as", "service_access.user_id"];
    let other_access = change.get("service_access").is_some()
        && who(app, "service_access.as") != "none"
        && access.iter().any(|name| who(app, name) != who(change, name));
    loses_scopes || other_access
}

impl RemoteCommand for AppPlanVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::Set { app, plan } => {
                let body = Fields::default().with("plan_id", Some(plan.to_string())).body();
                session.show(&Call::put(&[&"apps", &app, &"plan"]).body(&body), "")
            }
            Self::Remove { app } => session.show(&Call::delete(&[&"apps", &app, &"plan"]), ""),
            Self::Hold { app } => {
                let call = Call::post(&[&"apps", &app, &"plan", &"hold"]);
                let read = Call::get(&[&"apps", &app]);
                session.take_away("put on hold", "app", Subject::Record(&read), &call)
            }
            Self::Release { app } => session.show(&Call::post(&[&"apps", &app, &"plan", &"release"]), ""),
        }
    }
}
