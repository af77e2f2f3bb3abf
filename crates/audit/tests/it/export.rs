//! Exports: what is written is read back, line by line.

use std::io::{self, BufReader, Cursor, Read};

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::entry::EntryChange;
use turnkeep_audit::json_lines::{
    ExportHeader, ExportReader, ExportWriter, MAX_LINE_BYTES, ReadError, WriteError,
};
use turnkeep_audit::verify::{Doubt, SealDoubt, Verdict};
use turnkeep_audit::verify_export::verify_export;

use crate::trail::{INSTANCE, Trail, server_keys};

pub(crate) fn export(trail: &Trail, complete: bool) -> String {
    let header = ExportHeader { instance_id: INSTANCE, complete, segments: trail.segments.clone() };
    let mut writer = ExportWriter::begin(Vec::new(), &header).unwrap();
    for chained in &trail.entries {
        writer.write_entry(chained).unwrap();
    }
    String::from_utf8(writer.end(trail.head.as_ref()).unwrap()).unwrap()
}

pub(crate) fn verify(text: &str) -> Result<Verdict, ReadError> {
    verify_export(ExportReader::open(text.as_bytes())?, Some(&server_keys()), None)
}

#[test]
fn the_format_is_pinned() {
    let text = export(&Trail::new(2), true);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"turnkeep_audit":1,"instance":"ins_01040g2081040g2081040g2081","complete":true,"segments":[]}"#
    );
    for (line, start) in [
        (
            lines[1],
            r#"{"position":1,"id":"evt_01040g2081040g2081040g2081","at":"2026-11-18T11:06:40.000001Z","at_micros":17950"#,
        ),
        (lines[2], r#"{"position":2,"id":"evt_0"#),
        (lines[3], r#"{"end":{"entries":2,"head":{"position":2,"hash":""#),
    ] {
        assert!(line.starts_with(start), "{line}");
    }
    let after = r#""after":"Käse\r\n\u001b[31m \"quoted\" \u2028"}],"request_id":null,"previous_hash":""#;
    assert!(lines[1].contains(after), "{}", lines[1]);
    assert_eq!((lines.len(), text.ends_with('\n')), (4, true));
}

#[test]
fn everything_written_is_read_back() {
    let mut trail = Trail::new(8);
    trail.prune(3);
    let text = export(&trail, true);
    let mut reader = ExportReader::open(text.as_bytes()).unwrap();
    assert!(reader.header().complete);
    assert_eq!(reader.header().segments, trail.segments);
    let mut entries: Vec<ChainedEntry> = Vec::new();
    while let Some(chained) = reader.next_entry().unwrap() {
        assert_eq!(reader.head(), None);
        entries.push(chained);
    }
    assert_eq!(entries, trail.entries);
    assert_eq!(reader.head(), trail.head.as_ref());
    assert!(reader.next_entry().unwrap().is_none());
    assert!(matches!(verify(&text), Ok(Verdict::Intact(_))));
}

#[test]
fn whatever_a_text_contains_it_stays_on_its_line() {
    let mut trail = Trail::new(3);
    trail.entries[0].entry.actor =
        "\r\n{\"end\":{}}\n\u{0}\u{85}\u{2028}\u{2029}\u{b}\u{c}\u{1b}]0;x\u{7}".to_owned();
    trail.entries[0].entry.changes = vec![EntryChange {
        attribute: "\"\\\n".to_owned(),
        before: Some("\u{9b}31m\u{202e}".to_owned()),
        after: Some(String::new()),
    }];
    trail.rehash_from(0);
    let text = export(&trail, true);
    assert_eq!(text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']).count(), 6);
    assert!(!text.chars().any(|character| character != '\n' && character.is_control()));
    let mut reader = ExportReader::open(text.as_bytes()).unwrap();
    assert_eq!(reader.next_entry().unwrap(), Some(trail.entries[0].clone()));
}

#[test]
fn a_chosen_part_is_partial_and_says_so() {
    let mut trail = Trail::new(9);
    trail.entries.retain(|chained| chained.entry.position % 2 == 0);
    let text = export(&trail, false);
    let Ok(Verdict::Partial(checked)) = verify(&text) else { panic!() };
    assert_eq!((checked.entries, checked.tip.position, checked.doubts), (4, 8, Vec::new()));

    trail.head = None;
    let Ok(Verdict::Partial(checked)) = verify(&export(&trail, false)) else { panic!() };
    assert_eq!(checked.doubts, []);
}

#[test]
fn a_chosen_part_names_what_could_not_be_judged() {
    let mut trail = Trail::new(9);
    let anchor = trail.anchor_at(5);
    trail.entries.retain(|chained| chained.entry.position % 2 == 0);
    let text = export(&trail, false);
    let reader = ExportReader::open(text.as_bytes()).unwrap();
    let Ok(Verdict::Partial(checked)) = verify_export(reader, None, Some(anchor)) else { panic!() };
    assert_eq!(
        checked.doubts,
        [Doubt::HeadSeal(SealDoubt::NoKeys), Doubt::AnchorNotIncluded { position: 5 }]
    );
}

#[test]
fn an_endless_line_is_refused_at_the_bound() {
    let text = export(&Trail::new(1), true);
    let header = format!("{}\n", text.lines().next().unwrap());
    let endless = BufReader::new(Cursor::new(header).chain(io::repeat(b' ')));
    let mut reader = ExportReader::open(endless).unwrap();
    assert!(matches!(reader.next_entry(), Err(ReadError::LineTooLong { line: 2 })));
}

#[test]
fn a_line_is_read_up_to_the_bound_and_not_beyond() {
    let text = export(&Trail::new(1), true);
    let (header, rest) = text.split_once('\n').unwrap();
    for (length, fits) in [(MAX_LINE_BYTES, true), (MAX_LINE_BYTES + 1, false)] {
        let padded = format!("{header}{}\n{rest}", " ".repeat(length - header.len()));
        assert_eq!(verify(&padded).is_ok(), fits);
    }
}

#[test]
fn no_line_is_written_that_no_reader_takes() {
    let mut chained = Trail::new(1).entries.remove(0);
    chained.entry.actor = "x".repeat(MAX_LINE_BYTES);
    let header = ExportHeader { instance_id: INSTANCE, complete: true, segments: Vec::new() };
    let mut writer = ExportWriter::begin(Vec::new(), &header).unwrap();
    let written = writer.output_mut().len();
    assert!(matches!(writer.write_entry(&chained), Err(WriteError::LineTooLong)));
    assert_eq!(writer.output_mut().len(), written);
}
