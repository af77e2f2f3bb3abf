//! Where mail goes: to a mail server, into files, or nowhere. A thread of its own delivers it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_mail::deliver::Deliver;
use turnkeep_mail::file_outbox::FileOutbox;
use turnkeep_mail::message::MailMessage;
use turnkeep_mail::queue::{MailQueue, MailThread, QueueSettings};
use turnkeep_mail::sender::Sender;
use turnkeep_mail::smtp::Smtp;
use turnkeep_mail::smtp_settings::{SmtpSettings, SmtpSettingsError};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::clock::Clock;
use turnkeep_service::sign_in::mail::{MailCounts, NoMail, SendMail};

use crate::system::SystemClock;

/// What becomes of invitations and of links for a new password.
#[derive(Debug, Clone, Default)]
pub enum MailSettings {
    /// Nothing is sent.
    #[default]
    Nothing,
    /// Messages become files. Whoever can read them can use their links.
    Outbox {
        /// The folder; it is made if there is none.
        folder: PathBuf,
        /// Whom messages are from.
        from: Sender,
    },
    /// They are handed over to a mail server.
    Smtp(SmtpSettings),
}

/// Why no mail can be sent.
#[derive(Debug, thiserror::Error)]
pub enum OpenMailError {
    /// The folder cannot be made.
    #[error("the folder of the mail outbox cannot be made")]
    Outbox(#[source] io::Error),
    /// The mail server cannot be used like this.
    #[error(transparent)]
    Smtp(#[from] SmtpSettingsError),
    /// The system gave no thread.
    #[error("the thread that sends mail cannot be started")]
    Thread(#[source] io::Error),
}

/// What sends, and the thread that has to outlast it. Dropping the thread sends what waits, for a while.
pub(crate) struct OpenedMail {
    pub(crate) sender: Arc<dyn SendMail>,
    pub(crate) thread: Option<MailThread>,
}

pub(crate) fn open(settings: &MailSettings) -> Result<OpenedMail, OpenMailError> {
    let deliver: Box<dyn Deliver> = match settings {
        MailSettings::Nothing => return Ok(OpenedMail { sender: Arc::new(NoMail), thread: None }),
        MailSettings::Outbox { folder, from } => {
            Box::new(FileOutbox::new(folder, from.clone()).map_err(OpenMailError::Outbox)?)
        }
        MailSettings::Smtp(settings) => Box::new(Smtp::new(settings)?),
    };
    let (queue, thread) =
        MailQueue::start(deliver, QueueSettings::default()).map_err(OpenMailError::Thread)?;
    Ok(OpenedMail { sender: Arc::new(QueuedMail(queue)), thread: Some(thread) })
}

struct QueuedMail(MailQueue);

impl SendMail for QueuedMail {
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret) {
        match MailMessage::new(SystemClock.now(), to.clone(), subject.to_owned(), text.clone()) {
            // Whether there is room for it is logged by the queue.
            Ok(message) => drop(self.0.send(message)),
            Err(error) => tracing::error!(error = %error, "a mail cannot be sent"),
        }
    }

    fn counts(&self) -> Option<MailCounts> {
        let turnkeep_mail::queue::MailCounts { sent, failed, dropped, waiting } = self.0.counts();
        Some(MailCounts { sent, failed, dropped, waiting })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_sent_is_in_the_outbox_when_the_thread_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("mail_outbox");
        let from = Sender::parse("Turnkeep <no-reply@example.com>").unwrap();
        let opened = open(&MailSettings::Outbox { folder: outbox.clone(), from }).unwrap();
        let to = EmailAddress::parse("ada@example.com").unwrap();
        opened.sender.send(&to, "Hello", &PlaintextSecret::new("A link\n".to_owned()));
        drop(opened.thread);
        assert_eq!(opened.sender.counts(), Some(MailCounts { sent: 1, ..MailCounts::default() }));
        let files: Vec<_> = fs::read_dir(&outbox).unwrap().collect();
        assert_eq!(files.len(), 1);
        let text = fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
        assert!(text.contains("To: ada@example.com") && text.contains("A link"), "{text}");
    }

    #[test]
    fn nothing_is_sent_unless_somebody_said_so() {
        let opened = open(&MailSettings::default()).unwrap();
        assert!(opened.thread.is_none());
        assert_eq!(opened.sender.counts(), None);
    }
}
