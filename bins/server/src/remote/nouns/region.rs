//! `turnkeep region`, and the databases of a region.

use clap::Subcommand;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};

use crate::remote::call::Call;
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] =
    &[("ID", "id"), ("CODE", "code"), ("NAME", "name"), ("STATE", "state"), ("CREATED", "created_at")];

const DATABASE_COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("DB CODE", "db_code"),
    ("STATE", "state"),
    ("APPS", "app_count"),
    ("CAPACITY", "capacity"),
];

/// What can be done with license regions.
#[derive(Debug, Subcommand)]
pub(crate) enum RegionVerb {
    /// List regions
    List {
        /// Only with this in their code or name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["active", "inactive"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show a region
    Show {
        /// The region
        region: RegionId,
    },
    /// Make a region
    Create {
        /// Code, unique in the instance; a claim of tokens
        #[arg(long)]
        code: String,
        /// Name for people
        #[arg(long)]
        name: String,
    },
    /// Change a region's name
    Update {
        /// The region
        region: RegionId,
        /// Name for people
        #[arg(long)]
        name: Option<String>,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Let it take new apps
    Activate {
        /// The region
        region: RegionId,
    },
    /// No new apps; those it has go on
    Deactivate {
        /// The region
        region: RegionId,
    },
    /// The databases that apps of a region are placed in
    #[command(subcommand)]
    Database(DatabaseVerb),
}

/// `region database …`.
#[derive(Debug, Subcommand)]
pub(crate) enum DatabaseVerb {
    /// List a region's databases
    List {
        /// The region
        region: RegionId,
        /// Only with this in their code
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["active", "inactive"])]
        state: Option<String>,
    },
    /// Add a database
    Add {
        /// The region
        region: RegionId,
        /// Code, unique in the instance; a claim of tokens
        #[arg(long)]
        db_code: String,
        /// How many apps it takes
        #[arg(long, value_name = "N")]
        capacity: u32,
    },
    /// Change how many apps it takes
    Update {
        /// The region
        region: RegionId,
        /// The database
        database: RegionDatabaseId,
        /// How many apps it takes
        #[arg(long, value_name = "N")]
        capacity: Option<u32>,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Let it take new apps
    Activate {
        /// The region
        region: RegionId,
        /// The database
        database: RegionDatabaseId,
    },
    /// No new apps; those it has go on
    Deactivate {
        /// The region
        region: RegionId,
        /// The database
        database: RegionDatabaseId,
    },
}

impl RemoteCommand for RegionVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { search, state, list: flags } => {
                let call = Call::get(&[&"regions"]).query("search", search).query("state", state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { region } => session.show(&Call::get(&[&"regions", &region]), ""),
            Self::Create { code, name } => {
                let body = Fields::default().with("code", Some(code)).with("name", Some(name)).body();
                session.show(&Call::post(&[&"regions"]).body(&body), "")
            }
            Self::Update { region, name, if_version } => {
                let body = Fields::default().with("name", name).change()?;
                session.show(&Call::patch(&[&"regions", &region]).body(&body).if_version(if_version), "")
            }
            Self::Activate { region } => session.show(&Call::post(&[&"regions", &region, &"activate"]), ""),
            Self::Deactivate { region } => {
                session.show(&Call::post(&[&"regions", &region, &"deactivate"]), "")
            }
            Self::Database(verb) => verb.run(session),
        }
    }
}

impl RemoteCommand for DatabaseVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { region, search, state } => {
                let call = Call::get(&[&"regions", &region, &"databases"]);
                let call = call.query("search", search).query("state", state);
                list(session, &call, &ListFlags::whole(), DATABASE_COLUMNS)
            }
            Self::Add { region, db_code, capacity } => {
                let body =
                    Fields::default().with("db_code", Some(db_code)).with("capacity", Some(capacity)).body();
                session.show(&Call::post(&[&"regions", &region, &"databases"]).body(&body), "")
            }
            Self::Update { region, database, capacity, if_version } => {
                let body = Fields::default().with("capacity", capacity).change()?;
                let call = Call::patch(&[&"regions", &region, &"databases", &database]);
                session.show(&call.body(&body).if_version(if_version), "")
            }
            Self::Activate { region, database } => {
                session.show(&Call::post(&[&"regions", &region, &"databases", &database, &"activate"]), "")
            }
            Self::Deactivate { region, database } => {
                session.show(&Call::post(&[&"regions", &region, &"databases", &database, &"deactivate"]), "")
            }
        }
    }
}
