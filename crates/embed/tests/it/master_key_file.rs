//! Files of master keys.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use turnkeep_embed::master_key_file::{MasterKeyFileError, create, read, read_or_create};

#[test]
fn a_key_is_made_once_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(read(&path), Err(MasterKeyFileError::Missing)));
    let made = read_or_create(&path).unwrap().current_id();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read_or_create(&path).unwrap().current_id(), made);
    assert!(matches!(create(&path), Err(MasterKeyFileError::Exists)));
    assert_eq!(read(&path).unwrap().current_id(), made);
}

#[test]
fn a_file_that_others_can_read_or_that_has_no_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    create(&path).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(read(&path), Err(MasterKeyFileError::OpenToOthers)));
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "not a key\n").unwrap();
    assert!(matches!(read(&path), Err(MasterKeyFileError::Unusable(_))));
    assert!(matches!(create(&folder.path().join("missing/key")), Err(MasterKeyFileError::Unwritable(_))));
}
