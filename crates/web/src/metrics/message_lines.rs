//! What this node sends by itself: logout tokens to apps, and mail to people.

use std::fmt;

use turnkeep_service::authority::Authority;

use crate::metrics::lines::Lines;
use crate::telemetry::label::Label;

/// What became of an attempt to tell an app of a logout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LogoutOutcome {
    /// The app has taken it.
    Delivered,
    /// There is another attempt later.
    Failed,
    /// It was the last one.
    GivenUp,
}

impl Label for LogoutOutcome {
    const NAME: &'static str = "outcome";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Delivered, Self::Failed, Self::GivenUp].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::GivenUp => "given-up",
        }
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MailOutcome {
    /// It was delivered to where mail goes.
    Sent,
    /// It was given up.
    Failed,
    /// There was no room for it.
    Dropped,
}

impl Label for MailOutcome {
    const NAME: &'static str = "outcome";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Sent, Self::Failed, Self::Dropped].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

pub(super) fn write(lines: &mut Lines<'_>, authority: &Authority) -> fmt::Result {
    let logouts = authority.logout_totals();
    lines.counters_of("logout_deliveries", "attempts to tell an app of a logout", |outcome| {
        Some(match outcome {
            LogoutOutcome::Delivered => logouts.delivered,
            LogoutOutcome::Failed => logouts.failed,
            LogoutOutcome::GivenUp => logouts.given_up,
        })
    })?;
    let mails = authority.mail_counts();
    // Where no mail is sent there is no line, but a description.
    lines.counters_of("mails", "mails that wait no longer", |outcome| {
        mails.map(|mails| match outcome {
            MailOutcome::Sent => mails.sent,
            MailOutcome::Failed => mails.failed,
            MailOutcome::Dropped => mails.dropped,
        })
    })?;
    lines.gauge_if_any("mails_waiting", "mails that wait to be sent", mails.map(|mails| mails.waiting))
}
