//! `turnkeep resource`, its scopes and its resource servers.

use clap::Subcommand;
use turnkeep_domain::id::{AppId, ResourceId};

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const LIMITS_CLAIMS: [&str; 3] = ["limits", "entitlements", "both"];
const ALGORITHMS: [&str; 4] = ["ES256", "EdDSA", "RS256", "PS256"];
const GRANTS: [&str; 3] = ["default", "any_app", "reserved"];

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("AUDIENCE", "audience"),
    ("NAME", "name"),
    ("LIMITS CLAIMS", "limits_claims"),
    ("SIGNED WITH", "signing_alg"),
];
const SCOPE_COLUMNS: &[Column] = &[("NAME", "name"), ("GRANT", "grant"), ("DESCRIPTION", "description")];
const SERVER_COLUMNS: &[Column] = &[("APP ID", "app_id")];

/// What can be done with resources: audiences, what tokens are for.
#[derive(Debug, Subcommand)]
pub(crate) enum ResourceVerb {
    /// List resources
    List {
        /// Only with this in their audience or name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only those whose tokens are signed with this algorithm
        #[arg(long, value_name = "ALG", value_parser = ALGORITHMS)]
        signing_alg: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show a resource
    Show {
        /// The resource
        resource: ResourceId,
    },
    /// Make a resource
    Create {
        /// What its tokens have in `aud`, unique in the instance
        #[arg(long)]
        audience: String,
        /// Name for people
        #[arg(long)]
        name: String,
        /// Under which claims a plan's limits are (both if absent)
        #[arg(long, value_name = "CLAIMS", value_parser = LIMITS_CLAIMS)]
        limits_claims: Option<String>,
        /// Algorithm that signs its tokens (ES256 if absent)
        #[arg(long, value_name = "ALG", value_parser = ALGORITHMS)]
        signing_alg: Option<String>,
    },
    /// Change a resource
    Update {
        /// The resource
        resource: ResourceId,
        /// Name for people
        #[arg(long)]
        name: Option<String>,
        /// Under which claims a plan's limits are
        #[arg(long, value_name = "CLAIMS", value_parser = LIMITS_CLAIMS)]
        limits_claims: Option<String>,
        /// Algorithm that signs its tokens
        #[arg(long, value_name = "ALG", value_parser = ALGORITHMS)]
        signing_alg: Option<String>,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// What apps may be granted
    #[command(subcommand)]
    Scope(ScopeVerb),
    /// Apps that may introspect every token for it
    #[command(subcommand)]
    Server(ServerVerb),
}

/// `resource scope …`.
#[derive(Debug, Subcommand)]
pub(crate) enum ScopeVerb {
    /// List a resource's scopes
    List {
        /// The resource
        resource: ResourceId,
        /// Only with this in their name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only those that are granted like this
        #[arg(long, value_parser = GRANTS)]
        grant: Option<String>,
    },
    /// Add a scope
    Add {
        /// The resource
        resource: ResourceId,
        /// Name, unique in the instance
        scope: String,
        /// What it allows
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Who gets it: new apps that name none, apps that name it, or the platform's own
        #[arg(long, value_parser = GRANTS)]
        grant: Option<String>,
    },
    /// Delete a scope; tokens with it are dead
    Delete {
        /// The resource
        resource: ResourceId,
        /// The scope
        scope: String,
    },
}

/// `resource server …`.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerVerb {
    /// List a resource's servers
    List {
        /// The resource
        resource: ResourceId,
        /// Only this app, if it is one of them
        #[arg(long, value_name = "APP")]
        app: Option<AppId>,
    },
    /// Make an app one of its servers
    Add {
        /// The resource
        resource: ResourceId,
        /// The app
        app: AppId,
    },
    /// Take that back
    Remove {
        /// The resource
        resource: ResourceId,
        /// The app
        app: AppId,
    },
}

impl RemoteCommand for ResourceVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { search, signing_alg, list: flags } => {
                let call = Call::get(&[&"resources"]).query("search", search);
                list(session, &call.query("signing_alg", signing_alg), &flags, COLUMNS)
            }
            Self::Show { resource } => session.show(&Call::get(&[&"resources", &resource]), ""),
            Self::Create { audience, name, limits_claims, signing_alg } => {
                let body = Fields::default()
                    .with("audience", Some(audience))
                    .with("name", Some(name))
                    .with("limits_claims", limits_claims)
                    .with("signing_alg", signing_alg);
                session.show(&Call::post(&[&"resources"]).body(&body.body()), "")
            }
            Self::Update { resource, name, limits_claims, signing_alg, if_version } => {
                let body = Fields::default()
                    .with("name", name)
                    .with("limits_claims", limits_claims)
                    .with("signing_alg", signing_alg);
                let call = Call::patch(&[&"resources", &resource]).body(&body.change()?);
                session.show(&call.if_version(if_version), "")
            }
            Self::Scope(verb) => verb.run(session),
            Self::Server(verb) => verb.run(session),
        }
    }
}

impl RemoteCommand for ScopeVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { resource, search, grant } => {
                let call = Call::get(&[&"resources", &resource, &"scopes"]);
                let call = call.query("search", search).query("grant", grant);
                list(session, &call, &ListFlags::whole(), SCOPE_COLUMNS)
            }
            Self::Add { resource, scope, description, grant } => {
                let body = Fields::default()
                    .with("name", Some(scope))
                    .with("description", description)
                    .with("grant", grant);
                session.show(&Call::post(&[&"resources", &resource, &"scopes"]).body(&body.body()), "")
            }
            Self::Delete { resource, scope } => {
                let call = Call::delete(&[&"resources", &resource, &"scopes", &scope]);
                let subject = Subject::Described(format!("\"{scope}\" of resource {resource}"));
                session.take_away("delete", "scope", subject, &call)
            }
        }
    }
}

impl RemoteCommand for ServerVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { resource, app } => {
                let call = Call::get(&[&"resources", &resource, &"servers"]).query("app_id", app);
                list(session, &call, &ListFlags::whole(), SERVER_COLUMNS)
            }
            Self::Add { resource, app } => {
                session.show(&Call::put(&[&"resources", &resource, &"servers", &app]), "")
            }
            Self::Remove { resource, app } => {
                let call = Call::delete(&[&"resources", &resource, &"servers", &app]);
                let subject = Subject::Described(format!("{app} of resource {resource}"));
                session.take_away("remove", "resource server", subject, &call)
            }
        }
    }
}
