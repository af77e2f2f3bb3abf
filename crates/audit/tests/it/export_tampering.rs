//! Exports that were tampered with, or are none.

use turnkeep_audit::chain::{ChainedEntry, hash_entry};
use turnkeep_audit::json_lines::{ExportReader, ReadError};
use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_audit::verify_export::verify_export;

use crate::export::{export, verify};
use crate::trail::{INSTANCE, Trail, server_keys};

fn error(text: &str) -> String {
    verify(text).map_or_else(|error| error.to_string(), |verdict| format!("{verdict:?}"))
}

#[test]
fn an_export_cut_off_anywhere_is_truncated() {
    let mut trail = Trail::new(3);
    trail.prune(1);
    let text = export(&trail, true);
    for (cut, _) in text.trim_end().char_indices() {
        // A line that is whole but for its end is read: then it is the next one that is missing.
        let line = text.bytes().take(cut + 1).filter(|byte| *byte == b'\n').count() + 1;
        // The last line's end may be missing: editors drop it.
        assert_eq!(
            error(text.split_at(cut).0),
            format!("the export is truncated: it stops at line {line}"),
            "{cut}"
        );
    }
    assert!(matches!(verify(text.trim_end()), Ok(Verdict::Intact(_))));
}

#[test]
fn what_cannot_be_read_is_named_by_its_line() {
    let text = export(&Trail::new(3), true);
    let replace = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    for (tampered, expected) in [
        ("hello\n".to_owned(), "line 1 is not the beginning of an audit export"),
        ("[]\n".to_owned(), "line 1 is not the beginning of an audit export"),
        (
            replace(r#"audit":1"#, r#"audit":2"#),
            "the export is in version 2 of the format; only version 1 is known",
        ),
        (replace("ins_0", "ins_o"), "line 1 has no valid `instance`"),
        (replace("true", "true,\"x\":1"), "line 1 is malformed at column 83"),
        (replace("evt_0", "evt_u"), "line 2 has no valid `id`"),
        (replace("2026-", "2025-"), "line 2 has no valid `at`"),
        (replace("at_micros\":1", "at_micros\":2"), "line 2 has no valid `at`"),
        (replace("\"previous_hash\":\"", "\"previous_hash\":\"A"), "line 2 has no valid `previous_hash`"),
        (replace("{\"position\":2", "{\"position\":-2"), "line 3 is malformed at column 14"),
        (replace("{\"position\":2", "{\"note\":1,\"position\":2"), "line 3 is malformed at column 7"),
        (replace("{\"position\":2", "{\"position\":7,\"position\":2"), "line 3 is malformed at column 24"),
        (replace("{\"position\":2", "\n{\"position\":2"), "line 3 is malformed at column 0"),
        (replace("\"tag\":\"", "\"tag\":\"00"), "line 5 has no valid `tag`"),
        (replace("\"entries\":3", "\"entries\":4"), "the export has 3 entries, but line 5 says 4"),
        (format!("{text}\n"), "line 6 comes after the end of the export"),
        (format!("{text}{text}"), "line 6 comes after the end of the export"),
    ] {
        assert_eq!(error(&tampered), expected, "{tampered}");
    }
}

#[test]
fn what_can_be_read_is_judged() {
    let text = export(&Trail::new(4), true);
    let lines: Vec<&str> = text.lines().collect();
    let without = |index: usize| {
        let kept = lines.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, line)| *line);
        kept.collect::<Vec<_>>().join("\n").replace("\"entries\":4", "\"entries\":3")
    };
    for (tampered, expected) in [
        (text.replacen("app.update", "app.delete", 1), Break::EntryChanged { position: 1 }),
        (text.replacen("Käse", "Käsé", 1), Break::EntryChanged { position: 1 }),
        (text.replacen("\"before\":null", "\"before\":\"\"", 1), Break::EntryChanged { position: 1 }),
        (without(1), Break::EntriesMissingAtStart { first: 1, last: 1 }),
        (without(3), Break::EntriesMissing { first: 3, last: 3 }),
        (without(4), Break::EntriesMissingAtEnd { first: 4, last: 4 }),
        (
            text.replace("\"head\":{\"position\":4", "\"head\":{\"position\":5"),
            Break::HeadSealWrong { position: 5 },
        ),
    ] {
        assert_eq!(verify(&tampered).unwrap(), Verdict::Broken(expected), "{tampered}");
    }
    let headless = format!("{}\n{}", lines[..5].join("\n"), r#"{"end":{"entries":4,"head":null}}"#);
    assert_eq!(verify(&headless).unwrap(), Verdict::Broken(Break::HeadMissing { last: 4 }));
}

#[test]
fn a_gap_can_not_be_hidden_by_calling_the_export_partial_without_the_verdict_saying_so() {
    let mut trail = Trail::new(4);
    trail.entries.remove(1);
    assert!(matches!(verify(&export(&trail, false)), Ok(Verdict::Partial(_))));
}

#[test]
fn a_chosen_part_is_still_checked_entry_by_entry() {
    type Tampering = fn(&mut Trail);
    let cases: [(&str, Tampering, Break); 6] = [
        ("changed", |t| t.entries[1].entry.actor.clear(), Break::EntryChanged { position: 4 }),
        ("out of order", |t| t.entries.swap(1, 2), Break::EntryRepeated { position: 4 }),
        ("neighbours", |t| t.entries.insert(0, forged_first()), Break::LinkBroken { position: 2 }),
        ("behind the head", |t| t.head = Trail::new(5).head, Break::EntryBehindHead { position: 8 }),
        ("at the head", |t| t.entries.push(forged_last()), Break::HeadDiffers { position: 9 }),
        ("head forged", |t| t.rewrite_head(None), Break::HeadSealWrong { position: 8 }),
    ];
    for (name, tamper, expected) in cases {
        let mut trail = Trail::new(9);
        trail.entries.retain(|chained| chained.entry.position % 2 == 0);
        tamper(&mut trail);
        assert_eq!(verify(&export(&trail, false)).unwrap(), Verdict::Broken(expected), "{name}");
    }
}

fn forged_first() -> ChainedEntry {
    let mut trail = Trail::new(1);
    trail.entries[0].entry.actor.clear();
    trail.rehash_from(0);
    trail.entries.remove(0)
}

fn forged_last() -> ChainedEntry {
    let mut trail = Trail::new(9);
    trail.entries[4].entry.actor.clear();
    trail.rehash_from(4);
    // Without its neighbour 8, only the head can tell.
    let mut last = trail.entries.remove(8);
    last.previous_hash = Trail::new(8).entries[7].hash;
    last.entry.actor.clear();
    last.hash = hash_entry(&last.previous_hash, INSTANCE, &last.entry);
    last
}

#[test]
fn the_head_of_a_chosen_part_meets_the_anchor() {
    let mut trail = Trail::new(9);
    let anchors = [Trail::new(12).anchor_at(12), forged_last().head(INSTANCE).anchor()];
    let good = trail.anchor_at(9);
    trail.entries.truncate(2);
    let text = export(&trail, false);
    let verdict = |anchor| {
        let reader = ExportReader::open(text.as_bytes()).unwrap();
        verify_export(reader, Some(&server_keys()), Some(anchor)).unwrap()
    };
    assert!(matches!(verdict(good), Verdict::Partial(checked) if checked.doubts.is_empty()));
    assert_eq!(verdict(anchors[0]), Verdict::Broken(Break::AnchorBehindEnd { anchor: 12, last: 9 }));
    assert_eq!(verdict(anchors[1]), Verdict::Broken(Break::AnchorDiffers { position: 9 }));
}

#[test]
fn an_unreadable_input_is_an_error_of_its_line() {
    let invalid = [export(&Trail::new(1), true).as_bytes(), b"\xff\n"].concat();
    let reader = ExportReader::open(invalid.as_slice()).unwrap();
    let read = verify_export(reader, None, None);
    assert!(matches!(read, Err(ReadError::AfterEnd { line: 4 })));
    let mut broken = Trail::new(1);
    broken.entries[0].entry.actor = "\u{e9}".to_owned();
    let text = export(&broken, true).into_bytes();
    let cut: Vec<u8> = text.into_iter().filter(|byte| *byte != 0xc3).collect();
    let mut reader = ExportReader::open(cut.as_slice()).unwrap();
    assert!(matches!(reader.next_entry(), Err(ReadError::Malformed { line: 2, .. })));
}
