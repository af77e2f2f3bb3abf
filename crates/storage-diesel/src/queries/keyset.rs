//! Parts of queries that are there or not. An empty id stands for none: it sorts before every id and equals
//! none, so that there is one statement for both cases.

use diesel::sql_types::Text;
use turnkeep_domain::page::Page;

/// Adds order, start and length of a page to a boxed query of a table with an id and a sort name. The identifier
/// breaks ties, so a position is never ambiguous.
macro_rules! page {
    ($query:expr, $id:expr, $name:expr, $page:expr) => {{
        use diesel::prelude::*;
        use turnkeep_domain::page::{Direction, Order};
        let page = $page;
        let query = $query.limit($crate::queries::keyset::limit(page.limit));
        match (&page.order, page.direction) {
            (Order::Created { after: None }, Direction::Ascending) => query.order($id.asc()),
            (Order::Created { after: None }, Direction::Descending) => query.order($id.desc()),
            (Order::Created { after: Some(id) }, Direction::Ascending) => {
                query.filter($id.gt(id.as_bytes().to_vec())).order($id.asc())
            }
            (Order::Created { after: Some(id) }, Direction::Descending) => {
                query.filter($id.lt(id.as_bytes().to_vec())).order($id.desc())
            }
            (Order::Name { after: None }, Direction::Ascending) => query.order(($name.asc(), $id.asc())),
            (Order::Name { after: None }, Direction::Descending) => query.order(($name.desc(), $id.desc())),
            (Order::Name { after: Some((name, id)) }, Direction::Ascending) => {
                let same_name = $name.eq(name.clone()).and($id.gt(id.as_bytes().to_vec()));
                query
                    .filter($name.ge(name.clone()))
                    .filter($name.gt(name.clone()).or(same_name))
                    .order(($name.asc(), $id.asc()))
            }
            (Order::Name { after: Some((name, id)) }, Direction::Descending) => {
                let same_name = $name.eq(name.clone()).and($id.lt(id.as_bytes().to_vec()));
                query
                    .filter($name.le(name.clone()))
                    .filter($name.lt(name.clone()).or(same_name))
                    .order(($name.desc(), $id.desc()))
            }
        }
    }};
}

pub(super) use page;

/// The id that a page starts after.
pub(super) fn after(id: Option<&[u8; 16]>) -> Vec<u8> {
    id.map(|id| id.to_vec()).unwrap_or_default()
}

/// The id of the record that does not count.
pub(super) fn other_than(id: Option<&[u8; 16]>) -> Vec<u8> {
    after(id)
}

/// How many records a page may have.
pub(super) fn limit(limit: u32) -> i64 {
    i64::from(limit.min(Page::<()>::MAX_LIMIT))
}

diesel::define_sql_function! {
    /// The text without what is in the place of `from`. Both databases compare it byte by byte.
    fn replace(text: Text, from: Text, to: Text) -> Text;
}

/// Whether a column contains a text that is not empty. It is no `LIKE`: no sign has a meaning, and case counts.
macro_rules! containing {
    ($column:expr, $text:expr) => {
        $crate::queries::keyset::replace($column, $text, "").ne($column)
    };
}

pub(super) use containing;
