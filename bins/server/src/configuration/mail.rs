//! Settings of mail: where it goes, and whom it is from.

use std::path::Path;

use anyhow::{anyhow, bail};
use turnkeep_embed::mail::MailSettings;
use turnkeep_mail::sender::Sender;
use turnkeep_mail::smtp::Smtp;
use turnkeep_mail::smtp_settings::SmtpSettings;
use turnkeep_secret::plaintext::PlaintextSecret;

use super::Layers;

/// The keys.
pub(super) const KEYS: [&str; 3] = ["mail", "mail_file", "mail_from"];

/// The folder of messages that nobody sends, in the data folder.
const OUTBOX: &str = "mail_outbox";

/// The URL of a mail server may hold a password, so it can be in a file of its own instead.
pub(super) fn read(layers: &Layers, data: &Path) -> anyhow::Result<MailSettings> {
    let from = layers.parse("mail_from", "Turnkeep <no-reply@localhost>", Sender::parse)?;
    let url = match (layers.has("mail"), layers.has("mail_file")) {
        (true, true) => bail!("mail and mail_file: only one of them can be set"),
        (false, true) => layers.parse("mail_file", "", |path| {
            let text = std::fs::read_to_string(path).map_err(|error| error.kind().to_string())?;
            Ok::<_, String>(PlaintextSecret::new(text.trim().to_owned()))
        })?,
        (true | false, false) => {
            layers.parse("mail", "outbox", |text| Ok::<_, String>(PlaintextSecret::new(text.to_owned())))?
        }
    };
    match url.expose() {
        "off" => Ok(MailSettings::Nothing),
        "outbox" => Ok(MailSettings::Outbox { folder: data.join(OUTBOX), from }),
        _ => {
            let settings = SmtpSettings { url, from, timeout: SmtpSettings::TIMEOUT };
            // Only the opening of it tells what is wrong with it, and nothing is sent by that.
            Smtp::new(&settings).map_err(|error| anyhow!("mail: {error}; or it is outbox or off"))?;
            Ok(MailSettings::Smtp(settings))
        }
    }
}
