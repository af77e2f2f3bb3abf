//! The contract of the stores, on every kind of database.

use std::fs;
use std::path::Path;

mod sqlite_memory {
    turnkeep_testkit::store_contract!(
        crate::backends::on_sqlite_memory,
        crate::backends::on_nodes_of_sqlite_memory
    );
}

mod sqlite_file {
    turnkeep_testkit::store_contract!(
        crate::backends::on_sqlite_file,
        crate::backends::on_nodes_of_sqlite_file
    );
}

mod postgres {
    turnkeep_testkit::store_contract!(crate::backends::on_postgres, crate::backends::on_nodes_of_postgres);
}

#[test]
fn every_behaviour_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/src/contract");
    let list = fs::read_to_string(folder.join("suite.rs")).unwrap();
    let mut behaviours = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in source.lines().filter_map(|line| line.strip_prefix("pub fn ")) {
            let name = line.split('(').next().unwrap();
            assert!(list.contains(&format!(" {name},\n")), "{name}");
            behaviours += 1;
        }
    }
    assert!(60 < behaviours, "the functions are found");
}
