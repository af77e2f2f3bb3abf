//! What a verification found, for people and for programs.

use std::fmt::Write;

use serde::Serialize;
use turnkeep_audit::json_lines::{ReadError, utc_text};
use turnkeep_audit::verify::{Break, Checked, Doubt, Verdict};
use turnkeep_domain::id::AuditEventId;
use turnkeep_service::audit::gone_instances::GoneInstance;
use turnkeep_service::audit::walk_trail::TrailVerdict;

use crate::remote::flags::OutputFormat;
use crate::remote::outcome::RemoteError;
use crate::remote::output::Screen;

/// How a trail was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Finding {
    /// Everything holds.
    Intact,
    /// Nothing is wrong, but something that matters could not be judged.
    Unproven,
    /// The events that are there hold; they were chosen.
    Partial,
    /// There is no trail.
    Missing,
    /// Something is wrong.
    Broken,
}

/// The first thing that is wrong.
#[derive(Debug, Serialize)]
pub(super) struct FirstBreak {
    position: Option<u64>,
    event_id: Option<String>,
    message: String,
}

/// What was found about one trail.
#[derive(Debug, Serialize)]
pub(super) struct TrailReport {
    /// Slug or id.
    instance: String,
    verdict: Finding,
    entries: Option<u64>,
    pruned_up_to: Option<u64>,
    head: Option<String>,
    doubts: Vec<String>,
    first_break: Option<FirstBreak>,
    /// Whether an anchor was given that nothing was compared with.
    #[serde(skip)]
    is_anchor_open: bool,
}

impl TrailReport {
    /// A report on a trail in the database. `event_at` finds the event of a position.
    pub(super) fn on_database(
        instance: String,
        verdict: TrailVerdict,
        event_at: impl FnOnce(u64) -> Option<AuditEventId>,
    ) -> Self {
        match verdict {
            TrailVerdict::Judged(verdict) => Self::on_verdict(instance, verdict, event_at),
            TrailVerdict::Empty => Self::bare(instance, Finding::Missing),
            TrailVerdict::Unreadable { table, column } => {
                let message = format!("`{column}` in `{table}` cannot be read: it was changed");
                Self::broken(instance, FirstBreak { position: None, event_id: None, message })
            }
        }
    }

    /// A report on what a verification says.
    pub(super) fn on_verdict(
        instance: String,
        verdict: Verdict,
        event_at: impl FnOnce(u64) -> Option<AuditEventId>,
    ) -> Self {
        match verdict {
            Verdict::Intact(checked) => Self::on_checked(instance, Finding::Intact, &checked),
            Verdict::Unproven(checked) => Self::on_checked(instance, Finding::Unproven, &checked),
            Verdict::Partial(checked) => Self::on_checked(instance, Finding::Partial, &checked),
            Verdict::Broken(found) => {
                let position = found.position();
                let event_id =
                    position.filter(|_| is_there(&found)).and_then(event_at).map(|id| id.to_string());
                Self::broken(instance, FirstBreak { position, event_id, message: found.to_string() })
            }
        }
    }

    /// A report on an instance that was removed with its trail.
    pub(super) fn on_gone_instance(gone: &GoneInstance) -> Self {
        let message =
            format!("instance {} was created at {} and is gone", gone.name, utc_text(gone.created_at));
        Self::broken(gone.name.clone(), FirstBreak { position: None, event_id: None, message })
    }

    /// A report on an export that cannot be read to its end.
    pub(super) fn on_unreadable(instance: String, error: &ReadError) -> Self {
        let message = error.to_string();
        Self::broken(instance, FirstBreak { position: None, event_id: None, message })
    }

    fn on_checked(instance: String, verdict: Finding, checked: &Checked) -> Self {
        let is_open = |doubt: &Doubt| match doubt {
            Doubt::AnchorPruned { .. } | Doubt::AnchorNotIncluded { .. } => true,
            Doubt::HeadSeal(_) | Doubt::SegmentSeal { .. } => false,
        };
        Self {
            entries: Some(checked.entries),
            pruned_up_to: Some(checked.pruned_up_to),
            head: Some(checked.tip.anchor().to_string()),
            doubts: checked.doubts.iter().map(ToString::to_string).collect(),
            is_anchor_open: checked.doubts.iter().any(is_open),
            ..Self::bare(instance, verdict)
        }
    }

    fn broken(instance: String, found: FirstBreak) -> Self {
        Self { first_break: Some(found), ..Self::bare(instance, Finding::Broken) }
    }

    const fn bare(instance: String, verdict: Finding) -> Self {
        Self {
            instance,
            verdict,
            entries: None,
            pruned_up_to: None,
            head: None,
            doubts: Vec::new(),
            first_break: None,
            is_anchor_open: false,
        }
    }

    /// Whether it proves what was asked for; a choice of events proves only that each of them holds.
    fn is_proof(&self, accept_partial: bool) -> bool {
        match self.verdict {
            Finding::Intact => true,
            Finding::Partial => accept_partial && !self.is_anchor_open,
            Finding::Unproven | Finding::Missing | Finding::Broken => false,
        }
    }

    fn to_text(&self) -> String {
        let mut text = format!("{}: ", self.instance);
        let entries = self.entries.unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = match self.verdict {
            Finding::Intact => write!(text, "intact, {entries} events"),
            Finding::Unproven => write!(text, "not proven, though {entries} events hold"),
            Finding::Partial => {
                write!(text, "each of the {entries} chosen events holds; others may be missing")
            }
            Finding::Missing => write!(
                text,
                "no trail: everything was removed, or nothing has happened since trails are kept"
            ),
            Finding::Broken => write!(text, "broken"),
        };
        if let Some(pruned) = self.pruned_up_to.filter(|position| *position > 0) {
            let _ = write!(text, " after {pruned} that were pruned");
        }
        if let Some(head) = &self.head {
            let _ = write!(text, "\n  head {head}");
        }
        for doubt in &self.doubts {
            let _ = write!(text, "\n  {doubt}");
        }
        if let Some(FirstBreak { event_id, message, .. }) = &self.first_break {
            let _ = write!(text, "\n  {message}");
            if let Some(id) = event_id {
                let _ = write!(text, "\n  this event is {id}");
            }
        }
        text.push('\n');
        text
    }
}

/// Whether the break is at an event that can be looked up, and not where one is missing.
const fn is_there(found: &Break) -> bool {
    !matches!(
        found,
        Break::EntriesMissing { .. }
            | Break::EntriesMissingAtStart { .. }
            | Break::EntriesMissingAtEnd { .. }
            | Break::AnchorBehindEnd { .. }
            | Break::HeadMissing { .. }
            | Break::SegmentOfOtherInstance { .. }
            | Break::SegmentSealWrong { .. }
            | Break::SegmentsNotContiguous { .. }
            | Break::SegmentLinkBroken { .. }
    )
}

#[derive(Serialize)]
struct AllReports<'a> {
    verified: bool,
    trails: &'a [TrailReport],
}

/// Shows the reports; an error if one of them is no proof.
pub(super) fn conclude(screen: Screen, reports: &[TrailReport], accept_partial: bool) -> anyhow::Result<()> {
    let verified = reports.iter().all(|report| report.is_proof(accept_partial));
    match screen.format {
        OutputFormat::Json => screen.json(&serde_json::to_vec(&AllReports { verified, trails: reports })?),
        OutputFormat::Table => reports.iter().for_each(|report| screen.text(&report.to_text())),
    }
    if verified {
        return Ok(());
    }
    let said = match reports.iter().any(|report| report.verdict == Finding::Broken) {
        true => "the audit trail is broken",
        false => "the audit trail could not be verified",
    };
    Err(RemoteError::Unverified(said.to_owned()).into())
}
