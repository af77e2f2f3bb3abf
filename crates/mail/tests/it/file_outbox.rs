//! The folder with files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use turnkeep_mail::deliver::{Deliver, DeliveryError};
use turnkeep_mail::file_outbox::{FileOutbox, MAX_FILES};

use crate::messages::{MICROS, message, sender};

fn outbox(folder: &Path) -> FileOutbox {
    FileOutbox::new(folder, sender()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_message_is_a_file_that_only_its_owner_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("mail/outbox");
    let link = format!("https://id.example.com/account/link?token={}", "a1".repeat(60));
    outbox(&folder).deliver(&message("Your invitation", &format!("Hello,\n\n{link}\n"))).unwrap();
    let files = files(&folder);
    assert_eq!(files, [folder.join(format!("{MICROS}-0.eml"))]);
    assert_eq!((mode(&folder), mode(&files[0])), (0o700, 0o600));
    let content = fs::read_to_string(&files[0]).unwrap();
    let (headers, text) = content.split_once("\r\n\r\n").unwrap();
    for header in [
        "From: Example <no-reply@id.example.com>",
        "To: ada@example.com",
        "Subject: Your invitation",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
    ] {
        assert!(headers.split("\r\n").any(|line| line == header), "{header} is not in {headers}");
    }
    assert!(headers.contains("@id.example.com>\r\n") && headers.contains("Message-ID: <"), "{headers}");
    assert_eq!(text, format!("Hello,\r\n\r\n{link}\r\n"), "a link stays in one piece");
}

#[test]
fn what_is_not_ascii_is_encoded_in_the_subject_and_readable_in_the_text() {
    let folder = tempfile::tempdir().unwrap();
    outbox(folder.path()).deliver(&message("Grüße aus Zürich", "Schöne Grüße\n")).unwrap();
    let content = fs::read_to_string(&files(folder.path())[0]).unwrap();
    let (headers, text) = content.split_once("\r\n\r\n").unwrap();
    assert!(headers.is_ascii() && headers.contains("Subject: =?utf-8?b?"), "{headers}");
    assert_eq!(text, "Schöne Grüße\r\n");
}

#[test]
fn messages_of_the_same_time_have_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (outbox(folder.path()), outbox(folder.path()));
    for outbox in [&one, &other, &one, &other] {
        outbox.deliver(&message("Hello", "text")).unwrap();
    }
    let names: Vec<_> = (0..4).map(|counter| folder.path().join(format!("{MICROS}-{counter}.eml"))).collect();
    assert_eq!(files(folder.path()), names);
}

#[test]
fn a_file_that_was_left_unfinished_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let unfinished = folder.path().join(format!(".{MICROS}-0.eml.part"));
    fs::write(&unfinished, "").unwrap();
    outbox(folder.path()).deliver(&message("Hello", "text")).unwrap();
    assert_eq!(files(folder.path()), [unfinished, folder.path().join(format!("{MICROS}-1.eml"))]);
}

#[test]
fn a_full_folder_takes_no_more_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..MAX_FILES {
        fs::write(folder.path().join(format!("{number}.eml")), "").unwrap();
    }
    let outbox = outbox(folder.path());
    outbox.deliver(&message("Hello", "text")).unwrap();
    assert_eq!(outbox.deliver(&message("Hello", "text")), Err(DeliveryError::Full));
    assert_eq!(files(folder.path()).len(), MAX_FILES);
    fs::remove_file(folder.path().join("1.eml")).unwrap();
    assert_eq!(outbox.deliver(&message("Hello", "text")), Ok(()));
}

#[test]
fn a_folder_that_is_gone_is_an_error_that_may_pass() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = outbox(&folder.path().join("outbox"));
    fs::remove_dir(folder.path().join("outbox")).unwrap();
    let error = outbox.deliver(&message("Hello", "text")).unwrap_err();
    assert_eq!(error, DeliveryError::Folder(std::io::ErrorKind::NotFound));
    assert!(error.is_transient());
    fs::write(folder.path().join("outbox"), "").unwrap();
    assert!(FileOutbox::new(&folder.path().join("outbox"), sender()).is_err());
}
