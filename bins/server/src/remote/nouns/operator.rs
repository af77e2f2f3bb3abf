//! `turnkeep operator list|add|remove`: the people who operate an instance.

use turnkeep_domain::id::UserId;

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[("USER ID", "user_id"), ("USER NAME", "user_name"), ("SINCE", "created_at")];

/// What can be done with operators at a server.
#[derive(Debug)]
pub(crate) enum OperatorCommand {
    /// List them.
    List(ListFlags),
    /// Make a user one of them.
    Add(UserId),
    /// Take that back.
    Remove(UserId),
}

impl RemoteCommand for OperatorCommand {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List(flags) => list(session, &Call::get(&[&"operators"]), &flags, COLUMNS),
            Self::Add(user) => session.show(&Call::put(&[&"operators", &user]), "operator: added"),
            Self::Remove(user) => {
                let call = Call::delete(&[&"operators", &user]);
                session.take_away("remove", "operator", Subject::Described(user.to_string()), &call)
            }
        }
    }
}
