//! Pages of lists that are short by nature (plans, regions, members) and read as a whole: the same order and the
//! same positions as the database gives for long ones.

use turnkeep_domain::page::{Direction, Order, Page};

/// The wanted records in the wanted order, beyond the page's position.
pub(crate) fn page_of<T, Id: Ord + Copy>(
    records: Vec<T>,
    page: &Page<Id>,
    id_of: impl Fn(&T) -> Id,
    sort_name_of: impl Fn(&T) -> String,
    is_wanted: impl Fn(&T) -> bool,
) -> Vec<T> {
    let place_of = |record: &T| match page.order {
        Order::Created { .. } => (String::new(), id_of(record)),
        Order::Name { .. } => (sort_name_of(record), id_of(record)),
    };
    let start = match &page.order {
        Order::Created { after } => after.map(|id| (String::new(), id)),
        Order::Name { after } => after.clone(),
    };
    let mut placed: Vec<_> = records
        .into_iter()
        .filter(is_wanted)
        .map(|record| (place_of(&record), record))
        .filter(|(place, _)| match (&start, page.direction) {
            (None, _) => true,
            (Some(start), Direction::Ascending) => start < place,
            (Some(start), Direction::Descending) => place < start,
        })
        .collect();
    placed.sort_by(|(one, _), (other, _)| match page.direction {
        Direction::Ascending => one.cmp(other),
        Direction::Descending => other.cmp(one),
    });
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    placed.into_iter().take(limit).map(|(_, record)| record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: [(u32, &str); 5] = [(1, "b"), (2, "a"), (3, "b"), (4, "c"), (5, "x")];

    fn ids(order: Order<u32>, direction: Direction, limit: u32) -> Vec<u32> {
        let page = Page { order, direction, limit };
        let wanted = |record: &(u32, &str)| record.1 != "x";
        let records =
            page_of(RECORDS.to_vec(), &page, |record| record.0, |record| record.1.to_owned(), wanted);
        records.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn records_come_in_order_beyond_the_position() {
        let by_name = |name: &str, id| Order::Name { after: Some((name.to_owned(), id)) };
        for (order, direction, limit, expected) in [
            (Order::Created { after: None }, Direction::Ascending, 9, vec![1, 2, 3, 4]),
            (Order::Created { after: Some(2) }, Direction::Ascending, 1, vec![3]),
            (Order::Created { after: Some(3) }, Direction::Descending, 9, vec![2, 1]),
            (Order::Name { after: None }, Direction::Ascending, 9, vec![2, 1, 3, 4]),
            (by_name("b", 1), Direction::Ascending, 9, vec![3, 4]),
            (by_name("b", 3), Direction::Descending, 9, vec![1, 2]),
            (Order::Created { after: None }, Direction::Ascending, 0, vec![]),
        ] {
            assert_eq!(ids(order.clone(), direction, limit), expected, "{order:?} {direction:?}");
        }
    }
}
