//! `turnkeep operator list|add|remove`: the people who operate an instance.

use clap::Args;
use turnkeep_domain::id::UserId;

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] =
    &[("USER ID", "user_id"), ("USER NAME", "user_name"), ("STATE", "user_state"), ("SINCE", "created_at")];

/// What can be done with operators at a server.
#[derive(Debug)]
pub(crate) enum OperatorCommand {
    /// List them.
    List(OperatorList),
    /// Make a user one of them.
    Add(UserId),
    /// Take that back.
    Remove(UserId),
}

/// `operator list`.
#[derive(Debug, Args)]
pub(crate) struct OperatorList {
    /// Only with this in their user name or display name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["active", "disabled"])]
    user_state: Option<String>,
    /// Which part.
    #[command(flatten)]
    list: ListFlags,
}

impl RemoteCommand for OperatorCommand {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List(OperatorList { search, user_state, list: flags }) => {
                let call = Call::get(&[&"operators"]).query("search", search).query("user_state", user_state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Add(user) => session.show(&Call::put(&[&"operators", &user]), "operator: added"),
            Self::Remove(user) => {
                let call = Call::delete(&[&"operators", &user]);
                session.take_away("remove", "operator", Subject::Described(user.to_string()), &call)
            }
        }
    }
}
