//! Cutting a long document into ones that can be sent and imported one after the other: what others refer to comes
//! first, and no record is cut.

use serde::Serialize;

use crate::document::Document;
use crate::document::instance::InstanceRecord;

/// How much one chunk has at most.
#[derive(Debug, Clone, Copy)]
pub struct ChunkLimits {
    /// Records with their parts. A record with more parts is a chunk of its own.
    pub records: usize,
    /// Bytes of JSON, as near as it can be told beforehand. A record that is longer by itself is a chunk of its own.
    pub bytes: usize,
}

impl Document {
    /// The same records, in documents within the limits, in the order in which they have to be imported. Without
    /// records there is no chunk.
    pub fn into_chunks(self, limits: ChunkLimits) -> Vec<Self> {
        let mut chunks = Chunks { limits, done: Vec::new(), open: Self::default(), records: 0, bytes: 0 };
        let Self { turnkeep: _, instance, resources, regions, plans, users, operators, tenants, apps } = self;
        chunks.begin_with(instance);
        chunks.add(resources, |resource| resource.scopes.len(), |open| &mut open.resources);
        chunks.add(regions, |region| region.databases.len(), |open| &mut open.regions);
        chunks.add(plans, |_| 0, |open| &mut open.plans);
        chunks.add(users, |_| 0, |open| &mut open.users);
        chunks.add(operators, |_| 0, |open| &mut open.operators);
        chunks.add(tenants, |tenant| tenant.members.len(), |open| &mut open.tenants);
        chunks.add(apps, |app| app.resource_server_of.len(), |open| &mut open.apps);
        chunks.close();
        chunks.done
    }
}

struct Chunks {
    limits: ChunkLimits,
    done: Vec<Document>,
    open: Document,
    records: usize,
    bytes: usize,
}

impl Chunks {
    fn begin_with(&mut self, instance: Option<InstanceRecord>) {
        self.records += usize::from(instance.is_some());
        self.open.instance = instance;
    }

    fn add<T: Serialize>(
        &mut self,
        records: Vec<T>,
        parts: fn(&T) -> usize,
        list: fn(&mut Document) -> &mut Vec<T>,
    ) {
        for record in records {
            // Texts and numbers always serialise.
            let bytes = serde_json::to_vec(&record).map_or(0, |json| json.len());
            let count = 1 + parts(&record);
            let too_many = self.limits.records < self.records + count;
            if too_many || self.limits.bytes < self.bytes.saturating_add(bytes) {
                self.close();
            }
            list(&mut self.open).push(record);
            self.records += count;
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        (self.records, self.bytes) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_protocol::management::app_fields::ClientTypeName;

    use super::*;
    use crate::document::app::AppRecord;

    fn document(operators: usize, apps: usize) -> Document {
        let app = |number| AppRecord::bare(format!("app-{number:03}"), ClientTypeName::Public);
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
    fn what_others_refer_to_comes_first_and_no_chunk_has_more_than_allowed() {
        let many = ChunkLimits { records: 2, bytes: usize::MAX };
        for (operators, apps, expected) in [
            (0, 0, vec![]),
            (1, 0, vec![(1, 0)]),
            (1, 1, vec![(1, 1)]),
            (3, 4, vec![(2, 0), (1, 1), (0, 2), (0, 1)]),
        ] {
            assert_eq!(sizes(&document(operators, apps).into_chunks(many)), expected);
        }
    }

    #[test]
    fn what_is_said_of_the_instance_is_in_the_first_chunk_alone() {
        let instance = InstanceRecord { accent: None };
        for (operators, chunks) in [(0, 1), (1, 1), (2, 2)] {
            let whole = Document { instance: Some(instance.clone()), ..document(operators, 0) };
            let chunks_made = whole.into_chunks(ChunkLimits { records: 2, bytes: usize::MAX });
            assert_eq!(chunks_made.len(), chunks);
            let said: Vec<_> = chunks_made.iter().map(|chunk| chunk.instance.is_some()).collect();
            assert_eq!(said, [true, false].into_iter().take(chunks).collect::<Vec<_>>());
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
    #[test]
    fn parts_count_and_a_record_with_too_many_is_a_chunk_of_its_own() {
        let mut whole = document(0, 4);
        for (app, parts) in whole.apps.iter_mut().zip([1, 1, 5, 0]) {
            app.resource_server_of = vec!["https://api.example".to_owned(); parts];
        }
        assert_eq!(whole.len_with_parts(), 11);
        let chunks = whole.into_chunks(ChunkLimits { records: 4, bytes: usize::MAX });
        assert_eq!(sizes(&chunks), [(0, 2), (0, 1), (0, 1)]);
        assert_eq!(chunks.iter().map(Document::len_with_parts).collect::<Vec<_>>(), [4, 6, 1]);
    }
}
