//! A world whose database is a file, and somebody who can write to that file past the server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;
use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_service::audit::verify_trail::verify_trail;
use turnkeep_service::audit::walk_trail::TrailVerdict;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use crate::world::World;

/// Runs statements on an SQLite file.
const SCRIPT: &str = "
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
connection.executescript(sys.argv[2])
connection.close()
";

/// What a thief of the file does first.
const UNGUARDED: &str = "
DROP TRIGGER IF EXISTS audit_trail_never_changes; DROP TRIGGER IF EXISTS audit_trail_goes_by_segments;
DROP TRIGGER IF EXISTS audit_segments_never_change; DROP TRIGGER IF EXISTS audit_segments_never_go;
";

/// A world on a file.
pub(super) struct TrailFile {
    pub(super) world: World,
    path: PathBuf,
    _folder: TempDir,
}

impl TrailFile {
    /// After the first start, with ten entries of the trail beyond it.
    pub(super) fn with_ten_entries() -> Self {
        let file = Self::new();
        for number in 0..10 {
            file.world.pending_tenant(&format!("Tenant {number}"));
        }
        file
    }

    /// After the first start.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turnkeep.db");
        let world = World::bare_on(open(&path));
        Self { world, path, _folder: folder }
    }

    /// Changes the file with the guards of the database out of the way.
    pub(super) fn tamper(&self, sql: &str) {
        let python = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python");
        assert!(python.exists(), "Python is not installed: run `cargo xtask setup`");
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT]).arg(&self.path).arg(format!("{UNGUARDED}{sql}"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The verdict about the trail.
    pub(super) fn verify(&self, anchor: Option<Anchor>) -> TrailVerdict {
        verify_trail(&self.world.authority, self.world.instance_id, anchor, &mut |_| ()).unwrap()
    }

    /// What is wrong with the trail.
    #[track_caller]
    pub(super) fn first_break(&self) -> Break {
        match self.verify(None) {
            TrailVerdict::Judged(Verdict::Broken(found)) => found,
            verdict => panic!("nothing is wrong: {verdict:?}"),
        }
    }

    /// How many entries hold; pruned ones are not counted.
    #[track_caller]
    pub(super) fn intact_entries(&self) -> u64 {
        match self.verify(None) {
            TrailVerdict::Judged(Verdict::Intact(checked)) => checked.entries,
            verdict => panic!("not intact: {verdict:?}"),
        }
    }
}

fn open(path: &Path) -> Arc<dyn Store> {
    let url = DatabaseUrl::parse(&format!("sqlite:{}", path.display())).unwrap();
    migrations::apply(&url).unwrap();
    Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap())
}
