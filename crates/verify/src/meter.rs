//! The meter of a resource server: counts the Document Units and requests that apps take against the limits in their
//! tokens (seed 000 §4), on the spot, and reports them to the authority, each exactly once.
//!
//! What is taken is in a journal before it is allowed, so nothing is lost when this process or the authority ends. Other
//! resource servers' counts are known as of the last report.
//!
//! # Examples
//!
//! ```no_run
//! use std::path::Path;
//!
//! use turnkeep_verify::access_token::VerifiedAccessToken;
//! use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
//! use turnkeep_verify::meter::UsageMeter;
//! use turnkeep_verify::meter::settings::MeterSettings;
//! use turnkeep_verify::meter::token_source::TokenSource;
//! use turnkeep_verify::meter::usage_endpoint::UsageReporter;
//!
//! # async fn serve(tokens: impl TokenSource, token: &VerifiedAccessToken) -> Result<(), Box<dyn std::error::Error>> {
//! // Once, within a tokio runtime: the issuer of the tokens, and a folder that outlives this process.
//! let reporter = UsageReporter::new(&PinnedIssuer::parse("https://id.example.com")?, tokens).ok_or("no reporter")?;
//! let meter = UsageMeter::open(Path::new("data/usage"), MeterSettings::default(), reporter)?;
//! // At every request, with the token that the gate has let in, before the work is done.
//! match meter.take(token, 3) {
//!     Ok(charge) => println!("{:?}", charge.headers()),
//!     Err(refusal) => println!("{} {:?} {}", refusal.status(), refusal.headers(), refusal.problem()),
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::access_token::VerifiedAccessToken;
use crate::gate::authority_client::AuthorityClient;

use books::{Books, Due};
use charge::Charge;
use refusal::MeterRefusal;
use reporting::Reporting;
use settings::{MeterSettings, WithoutPlan};
use status::{MeterStatus, ReportError};
use usage_endpoint::{UsageEndpoint, UsageReporter};

mod app_counts;
mod books;
pub mod charge;
mod counts;
mod journal;
mod known_use;
pub mod refusal;
mod reporting;
mod segment;
pub mod settings;
pub mod standing;
pub mod status;
pub mod token_source;
pub mod usage_endpoint;

/// The most Document Units that can be taken at once. What a file of the journal comes to then fits into every JSON
/// reader.
pub const MAX_UNITS_PER_TAKE: u64 = 1_000_000_000;

/// Why a meter cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum MeterError {
    /// Called outside of a tokio runtime.
    #[error("a meter has to be opened within a tokio runtime")]
    NoRuntime,
    /// This machine can make no HTTPS requests: usually it has no root certificates.
    #[error("no outgoing requests are possible")]
    Client,
    /// Another meter has the journal; each needs one of its own.
    #[error("the usage journal is another meter's")]
    Taken,
    /// The journal cannot be read or written.
    #[error("the usage journal cannot be opened")]
    Journal(#[source] io::Error),
}

/// Counts what apps take. Cheap to clone; the clones share everything. Its reports end with the last of them, and what
/// is not reported by then stays in the journal for the next start.
#[derive(Clone)]
pub struct UsageMeter(Arc<Meter>);

struct Meter {
    reporting: Arc<Reporting>,
    /// Reports; dropped, the task ends.
    _task: JoinSet<()>,
}

impl UsageMeter {
    /// Opens the journal in a folder, which is made if there is none, reads what is not reported yet, and starts to
    /// report, on the tokio runtime of the caller. Reads and writes files: call it at the start of the program.
    ///
    /// The folder must be this meter's alone, be kept over restarts, and never be copied: what is in two journals is
    /// counted once.
    pub fn open(folder: &Path, settings: MeterSettings, reporter: UsageReporter) -> Result<Self, MeterError> {
        let home = Handle::try_current().map_err(|_| MeterError::NoRuntime)?;
        let client = AuthorityClient::new().ok_or(MeterError::Client)?;
        let books = Books::open(folder, &settings, settings.clock.now()).map_err(MeterError::Journal)?;
        let (books, known) = books.ok_or(MeterError::Taken)?;
        let reporting = Arc::new(Reporting {
            books: Arc::new(books),
            endpoint: UsageEndpoint { client, reporter },
            settings,
            folder: folder.to_owned(),
            known: Arc::new(Mutex::new(known)),
            round: tokio::sync::Mutex::default(),
            wake: Notify::new(),
        });
        let mut task = JoinSet::new();
        task.spawn_on(Arc::clone(&reporting).go_on(), &home);
        Ok(Self(Arc::new(Meter { reporting, _task: task })))
    }

    /// Takes units for the app of a token that a gate has let in, if the limits in the token allow them now. Zero units
    /// count as a request only. What is taken cannot be given back.
    ///
    /// Windows are those of the calendar, in UTC; requests are counted by the minute. Writes a line to a file, but does
    /// not wait for the disk unless [`settings::Durability::Synced`] is asked for.
    pub fn take(&self, token: &VerifiedAccessToken, units: u64) -> Result<Charge, MeterRefusal> {
        let Reporting { books, settings, wake, .. } = &*self.0.reporting;
        if MAX_UNITS_PER_TAKE < units {
            return Err(MeterRefusal::TooManyUnits);
        }
        let limits = token.plan_limits().map_err(|_| MeterRefusal::UnreadableLimits)?;
        if limits.is_none() && settings.without_plan == WithoutPlan::Refuse {
            return Err(MeterRefusal::NoPlan);
        }
        let allowed = limits.as_ref().map(|limits| &limits.allowed);
        let (charge, is_due) = books.take(token.app_id, allowed, units, settings.clock.now())?;
        if is_due {
            wake.notify_one();
        }
        Ok(charge)
    }

    /// Reports everything that was taken so far now, and what was refused for a reason that may pass once more: for the
    /// end of a program. An error says that some of it is still in the journal.
    pub async fn report_now(&self) -> Result<(), ReportError> {
        self.0.reporting.report(Due::All).await.map_err(|failure| failure.error)
    }

    /// What is not reported yet, and what went wrong.
    pub fn status(&self) -> MeterStatus {
        let Reporting { books, settings, .. } = &*self.0.reporting;
        books.status(settings.clock.now())
    }
}

impl fmt::Debug for UsageMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsageMeter").field("status", &self.status()).finish_non_exhaustive()
    }
}
