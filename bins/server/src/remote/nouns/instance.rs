//! `turnkeep instance`.

use clap::Subcommand;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::id::InstanceId;

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] =
    &[("ID", "id"), ("SLUG", "slug"), ("NAME", "name"), ("STATE", "state"), ("ISSUER", "issuer")];

const ACCENTS: [&str; Accent::ALL.len()] = {
    let [blue, teal, green, violet, rose, amber, slate] = Accent::ALL;
    [
        blue.as_str(),
        teal.as_str(),
        green.as_str(),
        violet.as_str(),
        rose.as_str(),
        amber.as_str(),
        slate.as_str(),
    ]
};

/// What can be done with instances: issuers with their own keys, users and tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum InstanceVerb {
    /// List instances
    List {
        /// Only with this in their slug or name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["active", "disabled"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show an instance
    Show {
        /// The instance
        id: InstanceId,
    },
    /// Make an instance
    Create {
        /// Part of its addresses, unique
        #[arg(long)]
        slug: String,
        /// Name for people
        #[arg(long)]
        name: String,
        /// Colour of its pages, if not blue
        #[arg(long, value_name = "COLOUR", value_parser = ACCENTS)]
        accent: Option<String>,
    },
    /// Change an instance's name or the colour of its pages
    Update {
        /// The instance
        id: InstanceId,
        /// Name for people
        #[arg(long)]
        name: Option<String>,
        /// Colour of its pages
        #[arg(long, value_name = "COLOUR", value_parser = ACCENTS)]
        accent: Option<String>,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Serve it again
    Enable {
        /// The instance
        id: InstanceId,
    },
    /// Answer as if it did not exist; its tokens are dead
    Disable {
        /// The instance
        id: InstanceId,
    },
}

impl RemoteCommand for InstanceVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { search, state, list: flags } => {
                let call = Call::get(&[&"instances"]).query("search", search).query("state", state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { id } => session.show(&Call::get(&[&"instances", &id]), ""),
            Self::Create { slug, name, accent } => {
                let fields = Fields::default().with("slug", Some(slug)).with("name", Some(name));
                let body = fields.with("accent", accent).body();
                session.show(&Call::post(&[&"instances"]).body(&body), "")
            }
            Self::Update { id, name, accent, if_version } => {
                let body = Fields::default().with("name", name).with("accent", accent).change()?;
                session.show(&Call::patch(&[&"instances", &id]).body(&body).if_version(if_version), "")
            }
            Self::Enable { id } => session.show(&Call::post(&[&"instances", &id, &"enable"]), ""),
            Self::Disable { id } => {
                let read = Call::get(&[&"instances", &id]);
                let call = Call::post(&[&"instances", &id, &"disable"]);
                session.take_away("disable", "instance", Subject::Record(&read), &call)
            }
        }
    }
}
