//! What the authority has said that apps have used, in a file: after a restart the limits bite although the authority
//! may be down. Lines are added; of several about an app the last one counts.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;

use super::app_counts::KnownUse;
use super::segment;

const FILE: &str = "known";

/// Written anew when it has grown by so much, and to twice its length.
const GROWTH_BYTES: u64 = 1024 * 1024;

/// The file.
pub(super) struct KnownUses {
    folder: PathBuf,
    file: File,
    bytes: u64,
    rewrite_at: u64,
}

impl KnownUses {
    /// What the file says. Lines that make no sense are passed over: the authority says all of it again.
    pub(super) fn read(folder: &Path) -> io::Result<Vec<(AppId, Vec<KnownUse>)>> {
        match std::fs::read_to_string(folder.join(FILE)) {
            Ok(text) => Ok(complete_lines(&text).filter_map(parse).collect()),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the file anew, and keeps it open for what comes.
    pub(super) fn write(folder: &Path, known: &[(AppId, [KnownUse; 4])]) -> io::Result<Self> {
        let path = folder.join(FILE);
        let text = text_of(known);
        segment::replace(folder, &path, text.as_bytes())?;
        let file = File::options().append(true).open(&path)?;
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let rewrite_at = bytes.saturating_mul(2).saturating_add(GROWTH_BYTES);
        Ok(Self { folder: folder.to_owned(), file, bytes, rewrite_at })
    }

    /// Adds lines, and waits until they last. If that fails, the file has to be written anew.
    pub(super) fn add(&mut self, known: &[(AppId, [KnownUse; 4])]) -> io::Result<()> {
        let text = text_of(known);
        self.bytes = self.bytes.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        let added = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        if added.is_err() {
            self.rewrite_at = 0;
        }
        added
    }

    /// Whether it has to be written anew before anything is added.
    pub(super) fn must_be_rewritten(&self) -> bool {
        self.rewrite_at <= self.bytes
    }

    /// Writes it anew.
    pub(super) fn rewrite(&mut self, known: &[(AppId, [KnownUse; 4])]) -> io::Result<()> {
        *self = Self::write(&self.folder, known)?;
        Ok(())
    }
}

/// Windows in which nothing is known are left out, and apps without any other.
fn text_of(known: &[(AppId, [KnownUse; 4])]) -> String {
    let mut text = String::new();
    for (app_id, windows) in known {
        let windows: Vec<String> = windows
            .iter()
            .filter(|known| 0 < known.units)
            .map(|known| format!(" {} {} {}", known.window, known.starts_at.as_secs(), known.units))
            .collect();
        if !windows.is_empty() {
            text.push_str(&format!("{app_id}{}\n", windows.concat()));
        }
    }
    text
}

/// The last line counts only if it was completed: a number without its last digits is another number.
fn complete_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'))
}

fn parse(line: &str) -> Option<(AppId, Vec<KnownUse>)> {
    let (app_id, rest) = line.split_once(' ')?;
    let words: Vec<&str> = rest.split(' ').collect();
    let known = words.chunks(3).map(|words| match words {
        [window, starts_at, units] => Some(KnownUse {
            window: UsageWindow::from_name(window)?,
            starts_at: Timestamp::from_secs(starts_at.parse().ok()?),
            units: units.parse().ok()?,
        }),
        _ => None,
    });
    Some((app_id.parse().ok()?, known.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::super::app_counts::AppCounts;
    use super::*;

    fn known(number: u8, hour: u64) -> (AppId, [KnownUse; 4]) {
        let counts = AppCounts::new(Timestamp::from_secs(1_795_000_000));
        let mut known = counts.known();
        known[0].units = hour;
        known[3].units = hour * 10;
        (AppId::from_bytes([number; 16]), known)
    }

    fn hours(folder: &Path) -> Vec<(AppId, u64)> {
        let read = KnownUses::read(folder).unwrap();
        read.into_iter().map(|(app_id, known)| (app_id, known[0].units)).collect()
    }

    #[test]
    fn what_was_written_is_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(KnownUses::read(folder.path()).unwrap(), []);
        let mut file = KnownUses::write(folder.path(), &[known(1, 5), known(2, 0)]).unwrap();
        file.add(&[known(3, 7)]).unwrap();
        file.add(&[known(1, 6)]).unwrap();
        let read = KnownUses::read(folder.path()).unwrap();
        assert_eq!(read[0].1.as_slice(), [known(1, 5).1[0], known(1, 5).1[3]]);
        let ids = [1, 3, 1].map(|number| AppId::from_bytes([number; 16]));
        assert_eq!(hours(folder.path()), [(ids[0], 5), (ids[1], 7), (ids[2], 6)]);
        file.rewrite(&[known(1, 6)]).unwrap();
        file.add(&[known(3, 8)]).unwrap();
        assert_eq!(hours(folder.path()), [(ids[0], 6), (ids[1], 8)]);
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let first = text_of(&[known(1, 5)]);
        let whole = format!("{first}{}", text_of(&[known(2, 7)]));
        for length in first.len()..whole.len() {
            std::fs::write(folder.path().join(FILE), whole.split_at(length).0).unwrap();
            assert_eq!(hours(folder.path()), [(AppId::from_bytes([1; 16]), 5)], "{length}");
        }
    }

    #[test]
    fn it_is_written_anew_when_it_has_grown() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = KnownUses::write(folder.path(), &[]).unwrap();
        let many: Vec<_> = (0..20_000).map(|_| known(1, 5)).collect();
        assert!(!file.must_be_rewritten());
        file.add(&many).unwrap();
        assert!(file.must_be_rewritten());
        file.rewrite(&[known(1, 5)]).unwrap();
        assert!(!file.must_be_rewritten());
    }
}
