//! `turnkeep user`: at a server; a token for a person also on its database, for the first one to come in, and passwords
//! only there.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::management_token::ManagementTokenLifetime;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::issue_management_token::{IssueManagementTokenCommand, issue_management_token};
use turnkeep_service::sign_in::account_links::create_welcome_link_by_name;
use turnkeep_service::sign_in::change_password::set_password_of;

use crate::command_line::{Noun, Settings};
use crate::commands::keys::{instance, open_existing, open_existing_under};
use crate::commands::no_connection;
use crate::commands::operator::{context_of, show_link, told};
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::user::UserVerb;
use crate::remote::outcome::RemoteError;
use crate::remote::secret_once::NewFile;
use crate::remote::session::{RemoteCommand, Session};
use crate::system::{ask_unseen, is_interactive, read_input, remark, say};

/// The longest file with a password that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4_096;

/// Runs one of the verbs.
pub(crate) fn run(noun: Noun<UserVerb>) -> anyhow::Result<()> {
    let noun = match noun.verb {
        UserVerb::SetPassword { name, password_file, settings } => {
            no_connection(&noun.remote)?;
            return set_password(&noun.remote, &name, password_file.as_deref(), &settings);
        }
        UserVerb::Link { name, settings } => {
            no_connection(&noun.remote)?;
            let authority = open_existing_under(&settings)?;
            let context = context_of(&authority, &instance(&noun.remote)?)?;
            let link = told(create_welcome_link_by_name(&context, &user_name(&name)?))?;
            show_link(&noun.remote, &link);
            return Ok(());
        }
        verb => Noun { verb, ..noun },
    };
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

fn set_password(
    remote: &RemoteFlags,
    name: &str,
    file: Option<&Path>,
    settings: &Settings,
) -> anyhow::Result<()> {
    let name = user_name(name)?;
    let authority = open_existing(settings)?;
    let context = context_of(&authority, &instance(remote)?)?;
    let password = new_password(file)?;
    told(set_password_of(&context, &name, &password))?;
    remark("the password is set; every session of the user has ended");
    Ok(())
}

fn user_name(text: &str) -> anyhow::Result<UserName> {
    UserName::parse(text).map_err(|error| RemoteError::Usage(error.to_string()).into())
}

/// From the file, or asked for twice.
fn new_password(file: Option<&Path>) -> anyhow::Result<PlaintextSecret> {
    let text = match file {
        Some(path) if path == Path::new("-") => read_input(MAX_FILE_BYTES)?,
        Some(path) => {
            let shown = path.display();
            let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
            let mut text = String::new();
            file.take(MAX_FILE_BYTES)
                .read_to_string(&mut text)
                .with_context(|| format!("cannot read {shown}"))?;
            text
        }
        None if is_interactive() => {
            let once = PlaintextSecret::new(ask_unseen("New password:")?);
            let again = PlaintextSecret::new(ask_unseen("The same again:")?);
            if once.expose() != again.expose() {
                bail!("the two are not the same: nothing was changed");
            }
            return Ok(first_line(&once));
        }
        None => {
            let message = "there is nobody to ask for the password: name a file with --password-file, or - for standard input";
            return Err(RemoteError::Usage(message.to_owned()).into());
        }
    };
    Ok(first_line(&PlaintextSecret::new(text)))
}

/// Without the end of the line; spaces are of the password.
fn first_line(text: &PlaintextSecret) -> PlaintextSecret {
    PlaintextSecret::new(text.expose().lines().next().unwrap_or_default().to_owned())
}
