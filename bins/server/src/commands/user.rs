//! `turnkeep user`: at a server; a token for a person also on its database, for the first one to come in.

use anyhow::anyhow;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::management_token::ManagementTokenLifetime;
use turnkeep_domain::slug::Slug;
use turnkeep_service::people::issue_management_token::{IssueManagementTokenCommand, issue_management_token};

use crate::command_line::Noun;
use crate::commands::keys::open_existing;
use crate::commands::operator::{context_of, told};
use crate::remote::nouns::user::UserVerb;
use crate::remote::outcome::RemoteError;
use crate::remote::secret_once::NewFile;
use crate::remote::session::{RemoteCommand, Session};
use crate::system::{remark, say};

/// Runs one of the verbs.
pub(crate) fn run(noun: Noun<UserVerb>) -> anyhow::Result<()> {
    if let Some(session) = Session::open(&noun.remote)? {
        return Ok(noun.verb.run(&session)?);
    }
    let UserVerb::Token { user, tenant, lifetime, secret, settings } = noun.verb else {
        return Err(RemoteError::NoServer.into());
    };
    let lifetime = match lifetime {
        Some(secs) => u32::try_from(secs).ok().map(ManagementTokenLifetime::from_secs),
        None => Some(Ok(ManagementTokenLifetime::default())),
    };
    let lifetime = lifetime.and_then(Result::ok).ok_or_else(|| {
        RemoteError::Usage("a management token lives from 60 seconds to 12 hours".to_owned())
    })?;
    // The file is there before anything is done: a token that cannot be kept must not be made.
    let file = secret.secret_out.as_deref().map(NewFile::create).transpose()?;
    let authority = open_existing(&settings)?;
    let default = Slug::parse(DEFAULT_INSTANCE).map_err(|error| anyhow!("{error}"))?;
    let context = context_of(&authority, noun.remote.instance.as_ref().unwrap_or(&default))?;
    let command = IssueManagementTokenCommand { user_id: user, tenant_id: tenant, lifetime };
    let issued = told(issue_management_token(&context, &command))?;
    match file {
        Some(file) => file.keep(&issued.plaintext)?,
        None => {
            remark("the token is shown only now: keep it where it is safe");
            say(issued.plaintext.expose());
        }
    }
    Ok(())
}
