//! `turnkeep guard`.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::{refusal, run};

const CPU_HOG: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/guard/src/resource/recordings/cpu_hog.jsonl");

fn document(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--output", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn write(folder: &Path, text: &str) -> String {
    let path = folder.join("recording.jsonl");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_recording_is_replayed_for_people() {
    let output = run(&["guard", "simulate", CPU_HOG]);
    assert!(output.status.success());
    let expected = "\
SECONDS  STATE   SIGNAL        VALUE
6.003    slow    cpu_pressure  99.67
12.75    normal  -             -
65 samples, 2 changes: normal 9.253 s, slow 6.747 s, defer 0 s, reject 0 s
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn a_recording_is_replayed_for_programs_with_other_thresholds() {
    let thresholds = "cpu_pressure=40/60/80@0.9, hold_seconds=60";
    let document = document(&["guard", "simulate", CPU_HOG, "--thresholds", thresholds]);
    let states: Vec<_> = document["events"].as_array().unwrap().iter().map(|event| &event["state"]).collect();
    assert_eq!(states, ["slow", "defer", "reject"]);
    let first = json!({"at": 5.005, "state": "slow", "signal": "cpu_pressure", "value": 49.83});
    assert_eq!(document["events"][0], first);
    assert_eq!((&document["samples"], &document["changes"]), (&json!(65), &json!(3)));
    let seconds = json!({"normal": 5.005, "slow": 0.26, "defer": 0.488, "reject": 10.247});
    assert_eq!(document["seconds"], seconds);
}

#[test]
fn lines_that_are_no_samples_are_named_and_the_others_replayed() {
    let folder = tempdir().unwrap();
    let good = r#"{"at_ms":1,"in_flight":0,"in_flight_limit":0,"queue_delay_us":60000}"#;
    let path =
        write(folder.path(), &format!("{good}\nnonsense\n{}\n", good.replace("\"at_ms\":1", "\"at_ms\":-1")));
    let output = run(&["guard", "simulate", &path]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    let expected =
        "turnkeep: line 2: not a sample\nturnkeep: line 3: not a sample\nturnkeep: 2 lines are no samples\n";
    assert_eq!(errors, expected);
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 samples, 1 changes"));
    let output = run(&["guard", "simulate", &path, "--output", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["bad_lines"], &document["first_bad_lines"][1]["line"]), (&json!(2), &json!(3)));
}

#[test]
fn what_cannot_be_replayed_is_told_in_a_line() {
    let folder = tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    assert!(refusal(&["guard", "simulate", nowhere]).contains("cannot read"));
    assert!(refusal(&["guard", "simulate", CPU_HOG, "--server", "http://127.0.0.1:1"]).contains("--server"));
    for (thresholds, expected) in [
        ("load=1/2/3", "unknown signal"),
        ("memory=3/2/1", "memory must have levels above 0 and at most 1"),
        ("cpu=0.1/0.2/0.3", "cpu must have `off`"),
    ] {
        let output = run(&["guard", "simulate", CPU_HOG, "--thresholds", thresholds]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && error.contains(expected), "{thresholds}: {error}");
    }
}

#[test]
fn this_machine_is_recorded_into_a_new_file_that_can_be_replayed() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("recording.jsonl");
    let path = path.to_str().unwrap();
    let record = ["guard", "record", "--seconds", "1", "--out", path];
    assert!(run(&record).status.success());
    // Five samples in a second, its beginning and its end included.
    let document = document(&["guard", "simulate", path, "--thresholds", "memory=0.000001/off/off"]);
    assert_eq!((&document["samples"], &document["bad_lines"]), (&json!(5), &json!(0)));
    assert_eq!(document["events"][0]["signal"], "memory", "memory is in use on any machine: {document}");
    assert!(refusal(&record).contains("cannot write"), "never over a file that is there");
}

#[test]
fn a_recording_without_samples_is_none() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("empty.jsonl");
    std::fs::write(&file, "").unwrap();
    let said = refusal(&["guard", "simulate", file.to_str().unwrap()]);
    assert!(said.ends_with("empty.jsonl has no samples"), "{said}");
}
