//! Lists by keyset: so many records a page, and the way on with what was looked for.

use std::fmt::Display;
use std::iter;

use turnkeep_domain::page::{Order, Page};
use turnkeep_protocol::authorization_response::with_parameters;

/// How many records a page shows.
pub(crate) const SHOWN: u32 = 50;

/// One more than is shown, which tells that there are more.
pub(crate) const LOOKED_FOR: u32 = SHOWN + 1;

/// The records after one.
pub(crate) fn page_after<I>(after: Option<I>) -> Page<I> {
    Page { order: Order::Created { after }, ..Page::first(LOOKED_FOR) }
}

/// The same of records that are all there, oldest first.
pub(crate) fn keep_after<T, I: Ord>(records: &mut Vec<T>, after: Option<I>, id_of: impl Fn(&T) -> I) {
    records.sort_by_key(&id_of);
    if let Some(after) = after {
        records.retain(|record| after < id_of(record));
    }
}

/// Leaves what is shown; the last of it if there is more.
pub(crate) fn cut<T>(records: &mut Vec<T>) -> Option<&T> {
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let has_more = shown < records.len();
    records.truncate(shown);
    records.last().filter(|_| has_more)
}

/// The path of the next page.
pub(crate) fn next_path(path: &str, kept: &[(&str, &str)], after: &impl Display) -> String {
    let kept = kept.iter().copied().filter(|(_, value)| !value.is_empty());
    let after = after.to_string();
    with_parameters(path, iter::once(("after", after.as_str())).chain(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_what_was_looked_for() {
        let kept = [("search", "a&b c/ü"), ("state", "")];
        assert_eq!(next_path("/x", &kept, &"id"), "/x?after=id&search=a%26b%20c%2F%C3%BC");
    }

    #[test]
    fn records_that_are_all_there_are_paged_by_their_ids() {
        let mut records = vec![3, 1, 2];
        keep_after(&mut records, Some(1), |id| *id);
        assert_eq!(records, [2, 3]);
        keep_after(&mut records, None, |id| *id);
        assert_eq!(records, [2, 3]);
    }

    #[test]
    fn a_page_shows_fifty_records_and_knows_whether_there_are_more() {
        for (count, shown, last) in [(0_usize, 0, None), (50, 50, None), (51, 50, Some(49))] {
            let mut records: Vec<usize> = (0..count).collect();
            assert_eq!(cut(&mut records).copied(), last, "{count}");
            assert_eq!(records.len(), shown);
        }
        assert_eq!(page_after::<u8>(None).limit, 51);
    }
}
