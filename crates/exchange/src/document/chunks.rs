//! Cutting a long document into ones that can be sent and imported one after the other: what others refer to comes
//! first, and no record is cut.

use serde::Serialize;

use crate::document::Document;

/// How much one chunk has at most.
#[derive(Debug, Clone, Copy)]
pub struct ChunkLimits {
    /// Records.
    pub records: usize,
    /// Bytes of JSON, as near as it can be told beforehand. A record that is longer by itself is a chunk of its own.
    pub bytes: usize,
}

impl Document {
    /// The same records, in documents within the limits, in the order in which they have to be imported. Without
    /// records there is no chunk.
    pub fn into_chunks(self, limits: ChunkLimits) -> Vec<Self> {
        let mut chunks = Chunks { limits, done: Vec::new(), open: Self::default(), bytes: 0 };
        let Self { turnkeep: _, resources, regions, plans, users, operators, tenants, apps } = self;
        chunks.add(resources, |open| &mut open.resources);
        chunks.add(regions, |open| &mut open.regions);
        chunks.add(plans, |open| &mut open.plans);
        chunks.add(users, |open| &mut open.users);
        chunks.add(operators, |open| &mut open.operators);
        chunks.add(tenants, |open| &mut open.tenants);
        // Apps apart, so that whoever watches sees the catalogue done first.
        chunks.close();
        chunks.add(apps, |open| &mut open.apps);
        chunks.close();
        chunks.done
    }
}

struct Chunks {
    limits: ChunkLimits,
    done: Vec<Document>,
    open: Document,
    bytes: usize,
}

impl Chunks {
    fn add<T: Serialize>(&mut self, records: Vec<T>, list: fn(&mut Document) -> &mut Vec<T>) {
        for record in records {
            // Texts and numbers always serialise.
            let bytes = serde_json::to_vec(&record).map_or(0, |json| json.len());
            let is_full = self.limits.records <= self.open.len();
            if is_full || self.limits.bytes < self.bytes.saturating_add(bytes) {
                self.close();
            }
            list(&mut self.open).push(record);
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_protocol::management::app_fields::ClientTypeName;

    use super::*;
    use crate::document::app::AppRecord;

    fn document(operators: usize, apps: usize) -> Document {
        let app = |number| AppRecord::bare(format!("app-{number:03}"), "App".to_owned(), ClientTypeName::Public);
        Document {
            operators: (0..operators).map(|number| format!("ada-{number:03}")).collect(),
            apps: (0..apps).map(app).collect(),
            ..Document::default()
        }
    }

    fn sizes(chunks: &[Document]) -> Vec<(usize, usize)> {
        chunks.iter().map(|chunk| (chunk.operators.len(), chunk.apps.len())).collect()
    }

    #[test]
    fn the_catalogue_comes_first_and_no_chunk_has_more_than_allowed() {
        let many = ChunkLimits { records: 2, bytes: usize::MAX };
        for (operators, apps, expected) in [
            (0, 0, vec![]),
            (1, 0, vec![(1, 0)]),
            (1, 1, vec![(1, 0), (0, 1)]),
            (3, 4, vec![(2, 0), (1, 0), (0, 2), (0, 2)]),
        ] {
            assert_eq!(sizes(&document(operators, apps).into_chunks(many)), expected);
        }
    }

    #[test]
    fn long_records_make_chunks_of_fewer_records_but_never_of_none() {
        let app = serde_json::to_vec(&document(0, 1).apps).unwrap().len();
        for (bytes, expected) in [(2 * app, vec![(0, 2), (0, 1)]), (1, vec![(0, 1), (0, 1), (0, 1)])] {
            let limits = ChunkLimits { records: 100, bytes };
            assert_eq!(sizes(&document(0, 3).into_chunks(limits)), expected);
        }
    }
}
