//! The files of a server that has stopped, and somebody who can write to them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::process::{Demo, turnkeep};

/// Runs statements on an SQLite file, with the guards of the database out of the way.
const TAMPER: &str = "
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
connection.executescript('''
DROP TRIGGER IF EXISTS audit_trail_never_changes; DROP TRIGGER IF EXISTS audit_trail_goes_by_segments;
DROP TRIGGER IF EXISTS audit_segments_never_change; DROP TRIGGER IF EXISTS audit_segments_never_go;
''' + sys.argv[2])
connection.close()
";

/// What a command that has ended says.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// The files.
pub(super) struct Trail {
    folder: TempDir,
}

impl Trail {
    /// Of a demo that has stopped, after `act`.
    pub(super) fn of_demo(act: impl FnOnce(&Demo)) -> Self {
        let folder = tempdir().unwrap();
        let demo = Demo::start(folder.path());
        act(&demo);
        demo.server.stop();
        Self { folder }
    }

    /// An empty data folder.
    pub(super) fn in_new_folder() -> Self {
        let folder = tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder }
    }

    /// A copy, as a backup is one.
    pub(super) fn copy(&self) -> Self {
        let copy = Self::in_new_folder();
        copy_folder(&self.path("data"), &copy.path("data"));
        copy
    }

    /// A place in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn text_path(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(super) fn database(&self) -> String {
        self.text_path("data/turnkeep.db")
    }

    /// Changes the database past the server.
    pub(super) fn tamper(&self, sql: &str) {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python");
        assert!(python.exists(), "Python is not installed: run `cargo xtask setup`");
        let mut command = Command::new(python);
        let output = command.args(["-c", TAMPER, &self.database(), sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// `turnkeep audit …` on these files.
    pub(super) fn audit(&self, words: &[&str]) -> Said {
        audit(&[words, &["--data", &self.text_path("data")]].concat())
    }

    /// What it says that has to succeed.
    pub(super) fn told(&self, words: &[&str]) -> String {
        let said = self.audit(words);
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        said.out
    }

    /// The head, as `audit head` shows it.
    pub(super) fn head(&self) -> String {
        self.told(&["head"]).trim().to_owned()
    }

    /// The position of the head.
    pub(super) fn length(&self) -> u64 {
        self.head().split(':').next().unwrap().parse().unwrap()
    }

    /// Exports to a file of this name.
    pub(super) fn export(&self, name: &str) -> String {
        let path = self.text_path(name);
        self.told(&["export", "--out", &path]);
        path
    }
}

/// `turnkeep audit …`.
pub(super) fn audit(words: &[&str]) -> Said {
    let output = turnkeep(&[&["audit"], words].concat()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// With what is in its folders.
fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copy = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&copy).unwrap();
            copy_folder(&entry.path(), &copy);
        } else {
            std::fs::copy(entry.path(), copy).unwrap();
        }
    }
}
