//! Authorities that are down, lie or never end: what is held stays good, the gate says so, and nothing is followed.

use std::time::Duration;

use turnkeep_verify::gate::settings::{GateSettings, StaleKillMarks};
use turnkeep_verify::gate::status::AuthorityError;
use turnkeep_verify::key_set::{KeySetError, MAX_KEY_SET_BYTES};
use turnkeep_verify::refusal::AccessRefusal;

use crate::authority::{Authority, Mood};

const HOUR: Duration = Duration::from_hours(1);

/// Until the gate has noticed for sure: each attempt follows upon the failure of the one before.
async fn down(authority: &Authority) {
    authority.publish(|published| {
        (published.key_set_mood, published.feed_mood) = (Mood::Closing, Mood::Closing);
        // Ends the poll that is waiting.
        published.feed_tag += 1;
    });
    let before = authority.asked();
    authority.until(|asked| before.feeds + 2 < asked.feeds && before.key_sets + 2 < asked.key_sets).await;
}

#[tokio::test]
async fn a_gate_survives_the_authority_being_down_and_says_so() {
    let authority = Authority::start().await;
    let gate =
        authority.gate(GateSettings { key_refresh: Duration::from_millis(1), ..GateSettings::default() });
    assert!(gate.verify(&authority.token()).await.is_ok());
    assert!(gate.status().is_up());

    down(&authority).await;
    assert!(gate.verify(&authority.token()).await.is_ok(), "with what is held");
    let status = gate.status();
    let (keys, kill_marks) = (status.issuers[0].keys, status.issuers[0].kill_marks.unwrap());
    assert!(!status.is_up() && !keys.is_up() && !kill_marks.is_up());
    assert_eq!([keys.last_error, kill_marks.last_error], [Some(AuthorityError::Connection); 2]);
    assert!(keys.age.is_some() && kill_marks.age.is_some());
    assert!(status.to_string().contains("failed attempts since: the connection failed"), "{status}");

    let before = authority.asked();
    authority.publish(|published| {
        (published.key_set_mood, published.feed_mood) = (Mood::Well, Mood::Well);
    });
    authority
        .until(|asked| before.up_to_date < asked.up_to_date && before.key_sets + 1 < asked.key_sets)
        .await;
    assert!(gate.status().is_up(), "{}", gate.status());
}

#[tokio::test]
async fn what_is_too_old_is_not_used_where_that_is_the_rule() {
    let unavailable = Some(AccessRefusal::KillMarksUnavailable);
    for (stale_kill_marks, keys_usable_for, expected) in [
        (StaleKillMarks::Accept, HOUR, None),
        (StaleKillMarks::RefuseAfter(HOUR), HOUR, None),
        (StaleKillMarks::RefuseAfter(Duration::ZERO), HOUR, unavailable),
        (StaleKillMarks::Accept, Duration::ZERO, Some(AccessRefusal::KeysUnavailable)),
    ] {
        let authority = Authority::start().await;
        let gate =
            authority.gate(GateSettings { stale_kill_marks, keys_usable_for, ..GateSettings::default() });
        let verified = gate.verify(&authority.token()).await;
        assert_eq!(verified.err(), expected, "{stale_kill_marks:?} {keys_usable_for:?}");
    }
}

#[tokio::test]
async fn a_feed_that_never_came_is_as_old_as_can_be() {
    for (stale_kill_marks, expected) in [
        (StaleKillMarks::Accept, None),
        (StaleKillMarks::RefuseAfter(HOUR), Some(AccessRefusal::KillMarksUnavailable)),
    ] {
        let authority = Authority::start().await;
        authority.publish(|published| published.feed_mood = Mood::Closing);
        let gate = authority.gate(GateSettings { stale_kill_marks, ..GateSettings::default() });
        assert_eq!(gate.verify(&authority.token()).await.err(), expected, "{stale_kill_marks:?}");
    }
}

#[tokio::test]
async fn keys_are_taken_from_a_plain_answer_only() {
    let elsewhere = Authority::start().await;
    let redirect = |status: &str| {
        let location = format!("{}/.well-known/jwks.json", elsewhere.issuer);
        Mood::Saying(format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"))
    };
    let ok =
        |body: &str| Mood::Saying(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    let announced = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MAX_KEY_SET_BYTES + 1);
    let private = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"a","x":"AA","d":"AA"}]}"#;
    for (mood, expected) in [
        (redirect("301 Moved Permanently"), AuthorityError::Redirect),
        (redirect("302 Found"), AuthorityError::Redirect),
        (redirect("307 Temporary Redirect"), AuthorityError::Redirect),
        (Mood::Endlessly, AuthorityError::TooLong),
        (Mood::Saying(announced), AuthorityError::TooLong),
        (Mood::Closing, AuthorityError::Connection),
        (Mood::Saying("SSH-2.0-x\r\n".to_owned()), AuthorityError::Connection),
        (Mood::Saying("HTTP/1.1 304 Not Modified\r\n\r\n".to_owned()), AuthorityError::Status(304)),
        (
            Mood::Saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_owned()),
            AuthorityError::Status(503),
        ),
        (ok("<html>"), AuthorityError::KeySet(KeySetError::Malformed)),
        (ok(private), AuthorityError::KeySet(KeySetError::PrivateMember)),
    ] {
        let authority = Authority::start().await;
        authority.publish(|published| published.key_set_mood = mood);
        let gate = authority.gate(GateSettings::default());
        assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::KeysUnavailable));
        assert_eq!(gate.status().issuers[0].keys.last_error, Some(expected));
    }
    assert_eq!(elsewhere.asked().connections, 0, "no redirect was followed");
}

#[tokio::test(start_paused = true)]
async fn an_authority_that_says_nothing_is_not_waited_for_long() {
    let authority = Authority::start().await;
    authority.publish(|published| published.key_set_mood = Mood::Silent);
    let gate = authority.gate(GateSettings::default());
    let begin = tokio::time::Instant::now();
    assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::KeysUnavailable));
    assert!(begin.elapsed() <= Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(gate.status().issuers[0].keys.last_error, Some(AuthorityError::TimedOut));
}
