//! Lists: one page, or as many as it takes.

use clap::Args;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::remote::call::{Answer, Call};
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::Session;
use crate::remote::table::{Column, printable};
use crate::system::{end_progress, remark, report_progress};

/// The longest page that the API gives.
const PAGE: usize = 100;
/// How often to say how far it has come, in records.
const PROGRESS_EVERY: usize = 1000;

/// Which part of a list.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "List")]
pub(crate) struct ListFlags {
    /// Show at most so many (the server's choice if absent: 50)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Show everything, however long it takes
    #[arg(long, conflicts_with = "limit")]
    pub(crate) all: bool,
    /// Go on where a list ended
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// Order; `-` is descending
    #[arg(
        long,
        value_name = "ORDER",
        allow_hyphen_values = true,
        value_parser = ["created_at", "-created_at", "name", "-name"]
    )]
    pub(crate) sort: Option<String>,
}

impl ListFlags {
    /// A list that is short by nature, and shown as a whole.
    pub(crate) fn whole() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// How many records to show.
    fn wanted(&self) -> Option<usize> {
        self.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }
}

/// A page as the API answers it; the records stay as they came.
#[derive(Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    next: Option<String>,
}

/// Reads as much of a list as is wanted, and shows it.
pub(crate) fn list(session: &Session, call: &Call, flags: &ListFlags, columns: &[Column]) -> RemoteResult {
    let call = call.clone().query("sort", flags.sort.as_ref());
    let (mut cursor, mut items, mut pages) = (flags.after.clone(), Vec::new(), 0_u32);
    let next = loop {
        let limit = flags.wanted().map(|wanted| wanted.saturating_sub(items.len()).min(PAGE));
        let limit = limit.or_else(|| (flags.all && 0 < pages).then_some(PAGE));
        let answer = session.connection.send(&call.clone().query("limit", limit).query("after", cursor))?;
        let page = read(&answer)?;
        pages = pages.saturating_add(1);
        let enough = match flags.wanted() {
            Some(wanted) => wanted <= items.len().saturating_add(page.items.len()),
            None => !flags.all,
        };
        if (enough || page.next.is_none()) && pages == 1 && session.screen.format == OutputFormat::Json {
            session.screen.json(answer.bytes());
            return Ok(());
        }
        let before = items.len();
        items.extend(page.items);
        if enough || page.next.is_none() {
            break page.next;
        }
        if before / PROGRESS_EVERY != items.len() / PROGRESS_EVERY {
            report_progress(&format!("{} records …", items.len()));
        }
        cursor = page.next;
    };
    if PROGRESS_EVERY <= items.len() {
        end_progress();
    }
    show(session, &items, next.as_deref(), columns)
}

fn read(answer: &Answer) -> RemoteResult<Page> {
    serde_json::from_slice(answer.bytes()).map_err(|_| not_a_list())
}

fn not_a_list() -> RemoteError {
    RemoteError::Unexpected("the answer is not a list: is this a turnkeep server?".to_owned())
}

fn show(session: &Session, items: &[Box<RawValue>], next: Option<&str>, columns: &[Column]) -> RemoteResult {
    match session.screen.format {
        OutputFormat::Json => {
            let items: Vec<&str> = items.iter().map(|item| item.get()).collect();
            let next = next.map_or(Value::Null, Value::from);
            session.screen.json(format!(r#"{{"items":[{}],"next":{next}}}"#, items.join(",")).as_bytes());
        }
        OutputFormat::Table => {
            let records: Result<Vec<Value>, _> =
                items.iter().map(|item| serde_json::from_str(item.get())).collect();
            session.screen.table(columns, &records.map_err(|_| not_a_list())?);
            if let Some(next) = next {
                remark(&format!("there is more: --all, or go on with --after {}", printable(next)));
            }
        }
    }
    Ok(())
}
