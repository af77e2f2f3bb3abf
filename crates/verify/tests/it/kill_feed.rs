//! Kills arrive by the feed, and nothing but the issuer's own feed kills.

use std::time::Duration;

use serde_json::{Value, json};
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::status::AuthorityError;
use turnkeep_verify::kill_marks::KillMarksError;
use turnkeep_verify::refusal::AccessRefusal;
use turnkeep_verify::rejection::TokenRejection;

use crate::authority::{Authority, Mood, start_gate};
use crate::signing::{APP, SigningKey, claims};

/// A poll without news ends after ten seconds.
const SOONER_THAN_A_POLL_ENDS: Duration = Duration::from_secs(8);

fn kill_app() -> Value {
    json!([{"app_id": APP, "dead_below": 8}])
}

#[tokio::test]
async fn a_token_of_a_killed_app_is_refused_as_soon_as_it_is_told() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    assert!(gate.verify(&authority.token()).await.is_ok());
    authority.until(|asked| asked.up_to_date == 1).await;

    authority.publish_marks(8, &kill_app());
    // The poll after the one that brought the news shows that they have been taken.
    authority.until_within(SOONER_THAN_A_POLL_ENDS, |asked| asked.up_to_date == 2).await;
    assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::Killed));
    let mut later = claims(&authority.issuer);
    later["seq"] = json!(8);
    assert!(gate.verify(&authority.key.sign("at+jwt", &later)).await.is_ok(), "issued after the kill");
}

#[tokio::test]
async fn the_first_request_of_all_knows_the_kills() {
    let authority = Authority::start().await;
    authority.publish_marks(8, &kill_app());
    let gate = authority.gate(GateSettings::default());
    assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::Killed));
}

#[tokio::test]
async fn one_poll_waits_for_news_instead_of_many() {
    let authority = Authority::start().await;
    let gate =
        authority.gate(GateSettings { kill_marks_wait: Duration::from_secs(1), ..GateSettings::default() });
    assert!(gate.verify(&authority.token()).await.is_ok());
    let begin = std::time::Instant::now();
    authority.until(|asked| asked.up_to_date == 3).await;
    assert!(Duration::from_secs(2) <= begin.elapsed(), "each of the first two waited for a second");
    assert_eq!(authority.asked().feeds, 4);
    assert!(gate.status().is_up());
}

#[tokio::test]
async fn an_authority_that_does_not_wait_is_not_flooded() {
    let authority = Authority::start().await;
    let payload = json!({"iss": authority.issuer, "seq": 8, "marks": kill_app()});
    let feed = authority.key.sign("kill-marks+jwt", &payload);
    for (headers, polls) in [("", 3), ("ETag: \"1\"\r\n", 4)] {
        let answer = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{feed}", feed.len());
        authority.publish(|published| published.feed_mood = Mood::Saying(answer));
        let before = authority.asked().feeds;
        let begin = std::time::Instant::now();
        let gate = authority.gate(GateSettings::default());
        authority.until(|asked| before + polls <= asked.feeds).await;
        assert!(Duration::from_secs(1) <= begin.elapsed(), "{headers:?}: {:?}", begin.elapsed());
        assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::Killed));
        assert!(gate.status().is_up());
    }
}

#[tokio::test]
async fn a_feed_that_cannot_be_trusted_changes_nothing() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    authority.publish_marks(8, &kill_app());
    assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::Killed));

    let payload =
        |issuer: &str, seq: i64| json!({"iss": issuer, "iat": 0, "seq": seq, "marks": [], "revoked": []});
    let good = payload(&authority.issuer, 9);
    let stranger = SigningKey::new(2);
    let impostor = SigningKey::new(1);
    for (feed, expected) in [
        (stranger.sign("kill-marks+jwt", &good), KillMarksError::Jws(TokenRejection::UnknownKey)),
        (impostor.sign("kill-marks+jwt", &good), KillMarksError::Jws(TokenRejection::BadSignature)),
        (authority.key.sign("at+jwt", &good), KillMarksError::Jws(TokenRejection::WrongType)),
        (authority.token(), KillMarksError::Jws(TokenRejection::WrongType)),
        (
            authority.key.sign("kill-marks+jwt", &payload("https://id.example.com", 9)),
            KillMarksError::WrongIssuer,
        ),
        (authority.key.sign("kill-marks+jwt", &payload(&authority.issuer, 7)), KillMarksError::WentBack),
        ("<html>".to_owned(), KillMarksError::Jws(TokenRejection::Malformed)),
    ] {
        let before = authority.asked();
        authority.publish_marks(8, &kill_app());
        authority.until(|asked| before.up_to_date < asked.up_to_date).await;
        assert!(gate.status().is_up());
        let before = authority.asked();
        authority.publish_feed(feed);
        // The poll that was waiting has got it; another one shows that it was looked at.
        authority.until(|asked| before.feeds < asked.feeds).await;
        let kill_marks = gate.status().issuers[0].kill_marks.unwrap();
        assert_eq!(kill_marks.last_error, Some(AuthorityError::KillMarks(expected)));
        assert_eq!(gate.verify(&authority.token()).await.err(), Some(AccessRefusal::Killed), "{expected}");
    }
}

#[tokio::test]
async fn keys_are_fetched_again_when_the_whole_instance_was_killed() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    assert!(gate.verify(&authority.token()).await.is_ok());
    authority.until(|asked| asked.up_to_date == 1).await;
    authority.publish_marks(8, &json!([{"dead_below": 8}]));
    authority.until_within(SOONER_THAN_A_POLL_ENDS, |asked| asked.key_sets == 2).await;
    // Another node behind the same address had not known yet.
    authority.publish_keys(&[&SigningKey::new(2)]);
    // The last but one has been taken.
    authority.until(|asked| asked.key_sets == 4).await;
    let mut later = claims(&authority.issuer);
    later["seq"] = json!(9);
    let forged = authority.key.sign("at+jwt", &later);
    let refused = gate.verify(&forged).await.err();
    assert_eq!(refused, Some(AccessRefusal::InvalidToken(TokenRejection::UnknownKey)), "withdrawn");
}

#[tokio::test]
async fn a_feed_with_a_new_key_is_read_at_once_though_the_keys_were_just_fetched() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    assert!(gate.verify(&authority.token()).await.is_ok());
    authority.until(|asked| asked.up_to_date == 1).await;
    let rotated = SigningKey::new(2);
    authority.publish_keys(&[&rotated]);
    let payload = json!({"iss": authority.issuer, "iat": 0, "seq": 8, "marks": [{"dead_below": 8}]});
    authority.publish_feed(rotated.sign("kill-marks+jwt", &payload));
    authority.until_within(SOONER_THAN_A_POLL_ENDS, |asked| asked.up_to_date == 2).await;
    let refused = gate.verify(&authority.token()).await.err();
    assert_eq!(refused, Some(AccessRefusal::InvalidToken(TokenRejection::UnknownKey)), "withdrawn");
}

#[tokio::test]
async fn an_issuer_without_a_feed_is_not_asked_for_one() {
    let authority = Authority::start().await;
    authority.publish_marks(8, &kill_app());
    let gate = start_gate([authority.pinned().without_kill_marks()], GateSettings::default());
    assert!(gate.verify(&authority.token()).await.is_ok());
    assert_eq!(authority.asked().feeds, 0);
    assert_eq!(gate.status().issuers[0].kill_marks, None);
}
