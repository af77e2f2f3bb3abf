//! Messages as files in a folder, for whoever runs a server without mail to look at. Whoever can read the files can use
//! the links in them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::deliver::{Deliver, DeliveryError};
use crate::message::MailMessage;
use crate::sender::Sender;
use crate::writing::{self, Encoding};

/// How many files the folder may have before messages are refused. None is ever removed: a link that was sent is only
/// there.
pub const MAX_FILES: usize = 1_000;

/// A folder with one file per message, `<microseconds since 1970>-<counter>.eml`, each complete as soon as it has its
/// name, and for the owner of the process only.
#[derive(Debug)]
pub struct FileOutbox {
    folder: PathBuf,
    from: Sender,
    // Held while a file is written: two messages at once would not see each other's file when they count.
    counter: Mutex<u64>,
}

impl FileOutbox {
    /// Opens the folder, and makes it (mode 0700) if there is none. The rights of one that is there stay as they are.
    pub fn new(folder: &Path, from: Sender) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Ok(Self { folder: folder.to_owned(), from, counter: Mutex::new(0) })
    }

    fn store(&self, micros: i64, content: &[u8]) -> Result<(), DeliveryError> {
        let mut counter = self.counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let files = fs::read_dir(&self.folder).map_err(folder_error)?.take(MAX_FILES).count();
        if MAX_FILES <= files {
            return Err(DeliveryError::Full);
        }
        loop {
            let name = format!("{micros}-{counter}.eml", counter = *counter);
            *counter = counter.wrapping_add(1);
            let unfinished = self.folder.join(format!(".{name}.part"));
            let finished = self.folder.join(name);
            let file = match create_new(&unfinished) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                other => other.map_err(folder_error)?,
            };
            // Whoever wants this name has to hold the unfinished file first, so that nobody can take it by now.
            if finished.exists() {
                fs::remove_file(&unfinished).map_err(folder_error)?;
                continue;
            }
            let done = finish(file, content).and_then(|()| fs::rename(&unfinished, &finished));
            return done.map_err(|error| {
                // What is there of it is worth nothing; that it could not be written is what counts.
                drop(fs::remove_file(&unfinished));
                folder_error(error)
            });
        }
    }
}

impl Deliver for FileOutbox {
    fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError> {
        let content = writing::write(message, &self.from, Encoding::EightBit)?.formatted();
        self.store(message.at.as_micros(), &content)
    }
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn finish(mut file: File, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn folder_error(error: io::Error) -> DeliveryError {
    DeliveryError::Folder(error.kind())
}
