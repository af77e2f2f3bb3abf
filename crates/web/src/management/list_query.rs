//! `?limit=&after=&sort=` of lists: which page in which order, and what leads to the next one.

use std::fmt::Display;
use std::str::FromStr;

use turnkeep_domain::page::{Direction, Order, Page};
use turnkeep_protocol::management::list::ListResponse;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// How many records a list shows unless it is told.
pub(crate) const DEFAULT_LIMIT: u32 = 50;

/// How many records a list shows at most.
pub(crate) const MAX_LIMIT: u32 = 100;

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortKey {
    /// When the records were created.
    Created,
    /// Their names, or the codes that serve as such.
    Name,
}

/// An order, as a query names it.
pub(crate) type Sort = (SortKey, Direction);

/// Every order with its name in a query.
pub(crate) const SORTS: [(&str, Sort); 4] = [
    ("created_at", (SortKey::Created, Direction::Ascending)),
    ("-created_at", (SortKey::Created, Direction::Descending)),
    ("name", (SortKey::Name, Direction::Ascending)),
    ("-name", (SortKey::Name, Direction::Descending)),
];

/// The wanted part of a list.
#[derive(Debug, Clone)]
pub(super) struct ListQuery {
    /// What cursors of the list are bound to.
    list: String,
    /// The id of the last record of the page before, and its sort name.
    after: Option<(String, String)>,
    sort: Sort,
    limit: u32,
}

impl ListQuery {
    /// Reads the parameters. A cursor that does not belong here leads nowhere, whatever is wrong with it.
    pub(super) fn of(call: &ManagementCall) -> Result<Self, ApiError> {
        Self::ordered(call, (SortKey::Created, Direction::Ascending))
    }

    /// Reads the parameters of a list that has an order of its own.
    pub(super) fn ordered(call: &ManagementCall, usual: Sort) -> Result<Self, ApiError> {
        let query = call.query();
        let mut errors = FieldErrors::default();
        let limit = errors.check_optional("limit", query.value("limit"), |text| match text.parse() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
            Ok(_) | Err(_) => Err(format!("must be a number from 1 to {MAX_LIMIT}")),
        });
        let sort = errors.one_of("sort", query.value("sort"), &SORTS);
        let (limit, sort) = errors.finish(limit.zip(sort))?;
        let list = call.list_name(&["limit", "after"]);
        let open = |cursor| -> Result<_, ApiError> {
            let position = call.authority().open_cursor(&list, cursor).ok_or(ApiError::NotFound)?;
            let (id, name) = position.split_once(' ').ok_or(ApiError::NotFound)?;
            Ok((id.to_owned(), name.to_owned()))
        };
        let after = query.value("after").map(open).transpose()?;
        Ok(Self { after, sort: sort.unwrap_or(usual), limit: limit.unwrap_or(DEFAULT_LIMIT), list })
    }

    /// What to ask a use case for: one record more than is shown, to know whether there are more.
    pub(super) fn page<Id: FromStr>(&self) -> Result<Page<Id>, ApiError> {
        let after = match &self.after {
            Some((id, name)) => Some((name.clone(), id.parse().map_err(|_| ApiError::NotFound)?)),
            None => None,
        };
        let (key, direction) = self.sort;
        let order = match key {
            SortKey::Created => Order::Created { after: after.map(|(_, id)| id) },
            SortKey::Name => Order::Name { after },
        };
        Ok(Page { order, direction, limit: self.limit + 1 })
    }

    /// The answer, made of what the use case gave for the page.
    pub(super) fn answer<T, R, Id: Display>(
        &self,
        call: &ManagementCall,
        records: &[T],
        id_of: impl Fn(&T) -> Id,
        sort_name_of: impl Fn(&T) -> String,
        show: impl Fn(&T) -> R,
    ) -> ListResponse<R> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let shown = records.get(..limit).unwrap_or(records);
        let last = shown.last().filter(|_| shown.len() < records.len());
        let next = last.map(|last| self.cursor_after(call, id_of(last), || sort_name_of(last)));
        ListResponse { items: shown.iter().map(show).collect(), next }
    }

    fn cursor_after(
        &self,
        call: &ManagementCall,
        id: impl Display,
        sort_name: impl FnOnce() -> String,
    ) -> String {
        let name = match self.sort.0 {
            SortKey::Created => String::new(),
            SortKey::Name => sort_name(),
        };
        call.authority().seal_cursor(&self.list, &format!("{id} {name}"))
    }

    /// What to ask a use case for that knows by itself whether there are more records.
    pub(super) fn exact_page<Id: FromStr>(&self) -> Result<Page<Id>, ApiError> {
        Ok(Page { limit: self.limit, ..self.page()? })
    }

    /// The answer, made of what such a use case gave: the records, and the sort name and id that others come after.
    pub(super) fn answer_up_to<T, R, Id: Display>(
        &self,
        call: &ManagementCall,
        records: &[T],
        next_after: Option<(String, Id)>,
        show: impl Fn(&T) -> R,
    ) -> ListResponse<R> {
        let next = next_after.map(|(name, id)| self.cursor_after(call, id, || name));
        ListResponse { items: records.iter().map(show).collect(), next }
    }

    /// The answer, made of the wanted records of a whole list.
    pub(super) fn answer_of_all<T, R, Id: Display>(
        &self,
        call: &ManagementCall,
        mut records: Vec<T>,
        is_wanted: impl Fn(&T) -> bool,
        id_of: impl Fn(&T) -> Id,
        sort_name_of: impl Fn(&T) -> String,
        show: impl Fn(&T) -> R,
    ) -> ListResponse<R> {
        let (key, direction) = self.sort;
        let place_of = |record: &T| match key {
            SortKey::Created => (String::new(), id_of(record).to_string()),
            SortKey::Name => (sort_name_of(record), id_of(record).to_string()),
        };
        let after = self.after.as_ref().map(|(id, name)| (name.clone(), id.clone()));
        let is_beyond = |record: &T| match (&after, direction) {
            (None, _) => true,
            (Some(after), Direction::Ascending) => *after < place_of(record),
            (Some(after), Direction::Descending) => place_of(record) < *after,
        };
        records.retain(|record| is_wanted(record) && is_beyond(record));
        // Places are unique, so that the reverse is the other order.
        records.sort_by_cached_key(place_of);
        if direction == Direction::Descending {
            records.reverse();
        }
        self.answer(call, &records, &id_of, &sort_name_of, &show)
    }
}
