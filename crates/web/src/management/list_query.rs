//! `?limit=&after=` of lists (keyset pagination: the cursor is the id of the last record seen, nothing else).

use std::fmt::Display;
use std::str::FromStr;

use turnkeep_domain::page::Page;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::list::ListResponse;

use crate::error::api_error::ApiError;
use crate::management::field_errors::FieldErrors;

/// How many records a list shows unless it is told.
const DEFAULT_LIMIT: u32 = 50;

/// How many records a list shows at most.
const MAX_LIMIT: u32 = 100;

/// The wanted part of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListQuery<Id> {
    after: Option<Id>,
    limit: u32,
}

impl<Id: FromStr<Err: Display>> ListQuery<Id> {
    /// Takes the two parameters.
    pub(super) fn take(query: &mut FormParameters) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::default();
        let limit = errors.check_optional("limit", query.take("limit"), |text| match text.parse() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
            Ok(_) | Err(_) => Err(format!("must be a number from 1 to {MAX_LIMIT}")),
        });
        let after = errors.check_optional("after", query.take("after"), |text| text.parse::<Id>());
        let made = limit.zip(after);
        let (limit, after) = errors.finish(made)?;
        Ok(Self { after, limit: limit.unwrap_or(DEFAULT_LIMIT) })
    }

    /// What to ask the store for: one record more than is shown, to know whether there are more.
    pub(super) fn page(self) -> Page<Id> {
        Page { after: self.after, limit: self.limit + 1 }
    }

    /// The answer, made of what the store gave.
    pub(super) fn answer<T, R>(
        self,
        mut records: Vec<T>,
        id_of: impl Fn(&T) -> Id,
        show: impl Fn(&T) -> R,
    ) -> ListResponse<R>
    where
        Id: Display,
    {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = limit < records.len();
        records.truncate(limit);
        let next = records.last().filter(|_| more).map(|last| id_of(last).to_string());
        ListResponse { items: records.iter().map(show).collect(), next }
    }
}
