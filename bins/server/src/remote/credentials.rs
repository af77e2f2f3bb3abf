//! Where the token or the client credentials come from. Never from arguments, which other users can see.

use std::path::Path;

use serde::Deserialize;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::remote::flags::RemoteFlags;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::system::variable;

/// More than any token or credentials take.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// What the server is to know us by.
#[derive(Debug)]
pub(crate) enum Credentials {
    /// A token, presented as it is.
    Token(PlaintextSecret),
    /// A client that gets its token from the server.
    Client {
        /// Its id.
        client_id: String,
        /// Its secret.
        client_secret: PlaintextSecret,
    },
}

impl Credentials {
    /// Reads what flags name, or else what the environment has; a token comes before client credentials.
    pub(crate) fn read(flags: &RemoteFlags) -> RemoteResult<Self> {
        if let Some(path) = &flags.token_file {
            return Ok(Self::Token(PlaintextSecret::new(first_line(&read_file(path)?))));
        }
        if let Some(path) = &flags.credentials {
            return read_credentials(path);
        }
        if let Some(token) = environment("TURNKEEP_TOKEN")? {
            return Ok(Self::Token(PlaintextSecret::new(token)));
        }
        let secret = match environment("TURNKEEP_CLIENT_SECRET")? {
            Some(secret) => Some(secret),
            None => match environment("TURNKEEP_CLIENT_SECRET_FILE")? {
                Some(path) => Some(first_line(&read_file(Path::new(&path))?)),
                None => None,
            },
        };
        match (environment("TURNKEEP_CLIENT_ID")?, secret) {
            (Some(client_id), Some(secret)) => {
                Ok(Self::Client { client_id, client_secret: PlaintextSecret::new(secret) })
            }
            (Some(_), None) => Err(missing("TURNKEEP_CLIENT_ID is set but TURNKEEP_CLIENT_SECRET is not")),
            (None, Some(_)) => Err(missing("TURNKEEP_CLIENT_SECRET is set but TURNKEEP_CLIENT_ID is not")),
            (None, None) => Err(missing(
                "set TURNKEEP_TOKEN, or TURNKEEP_CLIENT_ID and TURNKEEP_CLIENT_SECRET, \
                 or name a file with --credentials or --token-file",
            )),
        }
    }
}

/// The file of `serve --operator-credentials` and `operator recover`.
#[derive(Deserialize)]
struct CredentialsFile {
    client_id: String,
    client_secret: String,
}

fn read_credentials(path: &Path) -> RemoteResult<Credentials> {
    // The parser's own words could quote what is in the file.
    let file: CredentialsFile = serde_json::from_str(&read_file(path)?).map_err(|_| {
        let shown = path.display();
        RemoteError::Usage(format!("{shown} must be JSON with client_id and client_secret"))
    })?;
    let client_secret = PlaintextSecret::new(file.client_secret);
    Ok(Credentials::Client { client_id: file.client_id, client_secret })
}

fn read_file(path: &Path) -> RemoteResult<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text))
        .map_err(|error| RemoteError::Usage(format!("cannot read {}: {error}", path.display())))?;
    Ok(text)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

fn environment(name: &str) -> RemoteResult<Option<String>> {
    variable(name).map_err(|error| RemoteError::Usage(error.to_string()))
}

fn missing(what: &str) -> RemoteError {
    RemoteError::NotAuthenticated(what.to_owned())
}
