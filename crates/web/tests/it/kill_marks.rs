//! The feed of kill marks, as resource servers poll it.

use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use futures_util::future::{join, join_all};
use serde_json::json;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;
use turnkeep_service::cluster::following::Following;
use turnkeep_verify::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use turnkeep_verify::key_set::KeySet;
use turnkeep_verify::kill_marks::KillMarks;
use turnkeep_web::state::WebSettings;

use crate::world::answer::Answer;
use crate::world::databases::Database;
use crate::world::requests::{basic, form};
use crate::world::troubled_store::Trouble;
use crate::world::{BASE_URL, TestApp, World, unlimited};

const FEED: &str = "/.well-known/kill-marks";
const NO_NODE_LOOKS: Duration = Duration::from_secs(3_600);

fn known(etag: &str) -> TestRequest {
    TestRequest::get().uri(FEED).insert_header(("If-None-Match", etag.to_owned()))
}

fn long_poll(etag: &str, wait: &str) -> TestRequest {
    known(etag).insert_header(("Prefer", wait.to_owned()))
}

async fn etag(world: &World) -> String {
    let answer = world.send(TestRequest::get().uri(FEED)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("etag").unwrap().to_owned()
}

async fn disable(world: &World, app: &TestApp) -> Answer {
    world.operate("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await
}

async fn keys(world: &World) -> KeySet {
    KeySet::from_jwks(&world.send(TestRequest::get().uri("/.well-known/jwks.json")).await.body).unwrap()
}

/// What a resource server makes of a feed.
async fn read(world: &World, issuer: &str, path: &str) -> KillMarks {
    let answer = world.send(TestRequest::get().uri(&format!("{path}{FEED}"))).await;
    assert_eq!(answer.header("content-type"), Some("application/kill-marks+jwt"));
    let jwks = world.send(TestRequest::get().uri(&format!("{path}/.well-known/jwks.json"))).await;
    let keys = KeySet::from_jwks(&jwks.body).unwrap();
    KillMarks::verify(issuer, &[SigningAlgorithm::Es256], &keys, answer.text()).unwrap()
}

async fn verified(world: &World, token: &str) -> VerifiedAccessToken {
    let now = Timestamp::from_secs(world.authority.now().as_secs());
    AccessTokenVerifier::new(BASE_URL).verify(&keys(world).await, token, now).unwrap()
}

#[actix_web::test]
async fn a_resource_server_learns_what_was_killed_and_who_says_so() {
    let world = World::new().await;
    let (app, spared) = (world.lone_app("Acme").await, world.lone_app("Other").await);
    let (token, other) = (world.token(&app).await, world.token(&spared).await);
    let (token, other) = (verified(&world, &token).await, verified(&world, &other).await);
    assert!(!read(&world, BASE_URL, "").await.is_dead(&token));
    disable(&world, &app).await;
    let marks = read(&world, BASE_URL, "").await;
    assert!(marks.is_dead(&token) && !marks.is_dead(&other));
    assert_eq!(marks.sequence(), world.authority.status().applied);
}

#[actix_web::test]
async fn a_tag_changes_with_the_marks_and_with_nothing_else() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let answer = world.send(TestRequest::get().uri(FEED)).await;
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let tag = answer.header("etag").unwrap();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    world.lone_app("Another").await;
    for request in [known(tag), known(&format!("W/{tag}")), known(&format!("\"x\", {tag}")), known("*")] {
        let again = world.send(request).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag)));
        assert_eq!(again.header("cache-control"), Some("no-cache"));
        assert_eq!(again.header("preference-applied"), None);
    }
    disable(&world, &app).await;
    let news = world.send(known(tag)).await;
    assert_eq!(news.status, 200);
    assert_ne!(news.header("etag"), Some(tag));
}

#[actix_web::test]
async fn each_issuer_has_its_own_marks() {
    let world = World::new().await;
    let acme = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let app = world.lone_app("Acme").await;
    let theirs = format!("/i/acme{FEED}");
    let before = world.send(TestRequest::get().uri(&theirs)).await;
    disable(&world, &app).await;
    let after = world.send(TestRequest::get().uri(&theirs)).await;
    assert_eq!(before.header("etag"), after.header("etag"));
    read(&world, &format!("{BASE_URL}/i/acme"), "/i/acme").await;
    for unknown in ["/i/unknown", "/i/default"] {
        let answer = world.send(TestRequest::get().uri(&format!("{unknown}{FEED}"))).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{unknown}");
    }
    // Nothing else is left of an issuer that is off; that its tokens are dead still has to get around.
    let disabled = format!("/api/v1/instances/{}/disable", acme["id"].as_str().unwrap());
    world.operated("POST", &disabled, None).await;
    let key_set = world.send(TestRequest::get().uri("/i/acme/.well-known/jwks.json")).await;
    assert_eq!(key_set.status, 404);
    let off = world.send(TestRequest::get().uri(&theirs)).await;
    assert_eq!(off.status, 200);
    assert_ne!(off.header("etag"), after.header("etag"));
    world.let_pass(Duration::from_secs(17 * 60));
    world.keep_books();
    let forgotten = world.send(TestRequest::get().uri(&theirs)).await;
    assert_eq!(forgotten.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn a_long_poll_is_answered_as_soon_as_something_is_killed() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let tag = etag(&world).await;
    let token = world.token(&app).await;
    let revoke = || {
        let request = form("/connect/revoke", &format!("token={token}"));
        world.send(request.insert_header(basic(&app.client_id, &app.secret)))
    };
    let (news, killed) = join(world.send(long_poll(&tag, "wait=30")), revoke()).await;
    assert_eq!((news.status, killed.status), (200, 200));
    assert_eq!(news.header("preference-applied"), Some("wait=30"));
    let newer = news.header("etag").unwrap();
    assert_ne!(newer, tag);
    let polls = join_all((0..20).map(|_| world.send(long_poll(newer, "wait=30"))));
    let (news, killed) = join(polls, disable(&world, &app)).await;
    assert_eq!(killed.status, 200);
    assert!(news.iter().all(|answer| answer.status == 200 && answer.header("etag") != Some(newer)));
}

#[actix_web::test]
async fn a_long_poll_without_news_ends_when_the_client_wishes() {
    let world = World::new().await;
    let tag = etag(&world).await;
    let begun = Instant::now();
    let (answer, _) = join(world.send(long_poll(&tag, "wait=1")), world.lone_app("Nothing killed")).await;
    assert_eq!((answer.status, answer.header("etag")), (304, Some(tag.as_str())));
    assert_eq!(answer.header("preference-applied"), Some("wait=1"));
    assert!(Duration::from_secs(1) <= begun.elapsed());
}

#[actix_web::test]
async fn only_who_has_the_marks_and_asks_for_it_waits() {
    let world = World::new().await;
    let tag = etag(&world).await;
    let without_tag = TestRequest::get().uri(FEED).insert_header(("Prefer", "wait=30"));
    for (request, status, applied) in [
        (without_tag, 200, None),
        (long_poll("\"of before\"", "wait=30"), 200, Some("wait=30")),
        (long_poll(&tag, "wait=0"), 304, Some("wait=0")),
        (long_poll(&tag, "wait=soon"), 304, None),
        (long_poll(&tag, "respond-async"), 304, None),
        // No longer than half a minute.
        (long_poll("\"of before\"", "wait=3600"), 200, Some("wait=30")),
    ] {
        let answer = world.send(request).await;
        assert_eq!((answer.status, answer.header("preference-applied")), (status, applied));
    }
}

#[actix_web::test]
async fn where_too_many_wait_already_a_long_poll_is_a_short_one() {
    let world = World::with(WebSettings { waiting_polls: 2, ..unlimited() });
    world.furnish("").await;
    let app = world.lone_app("Acme").await;
    let tag = etag(&world).await;
    let waiting = join(world.send(long_poll(&tag, "wait=30")), world.send(long_poll(&tag, "wait=30")));
    let third = async {
        let third = world.send(long_poll(&tag, "wait=30")).await;
        assert_eq!((third.status, third.header("preference-applied")), (304, None));
        disable(&world, &app).await
    };
    let ((first, second), _) = join(waiting, third).await;
    assert_eq!((first.status, second.status), (200, 200));
    let tag = first.header("etag").unwrap();
    let after = world.send(long_poll(tag, "wait=0")).await;
    assert_eq!(after.header("preference-applied"), Some("wait=0"), "places become free again");
}

#[actix_web::test]
async fn a_server_that_stops_answers_who_waits_and_lets_nobody_wait() {
    let world = World::new().await;
    let tag = etag(&world).await;
    let stop = async { world.state.stop_waiting() };
    let (answer, ()) = join(world.send(long_poll(&tag, "wait=30")), stop).await;
    assert_eq!((answer.status, answer.header("etag")), (304, Some(tag.as_str())));
    let late = world.send(long_poll(&tag, "wait=30")).await;
    assert_eq!((late.status, late.header("preference-applied")), (304, None));
}

#[actix_web::test]
async fn a_node_that_is_out_of_step_says_so_also_to_who_waits() {
    let world = World::new().await;
    let following = Following::start(&world.authority, NO_NODE_LOOKS);
    let tag = etag(&world).await;
    let lose_lease = async { world.outlast_lease() };
    let (answer, ()) = join(world.send(long_poll(&tag, "wait=30")), lose_lease).await;
    assert_eq!(answer.problem(), (503, "temporarily_unavailable".to_owned()));
    assert!(answer.header("retry-after").is_some());
    let later = world.send(TestRequest::get().uri(FEED)).await;
    assert_eq!(later.problem(), (503, "temporarily_unavailable".to_owned()));
    following.stop();
}

#[actix_web::test]
async fn polls_need_no_database() {
    let world = World::new().await;
    let tag = etag(&world).await;
    world.store.set(Trouble::Panic);
    assert_eq!(world.send(known(&tag)).await.status, 304);
    assert_eq!(world.send(TestRequest::get().uri(FEED)).await.status, 200);
}

#[actix_web::test]
async fn every_node_tells_of_a_kill_that_another_made() {
    let world = World::on(Database::Sqlite).await;
    let app = world.lone_app("Acme").await;
    let node = world.node();
    let tag = etag(&node).await;
    assert_eq!(tag, etag(&world).await);
    disable(&world, &app).await;
    let news = node.send(known(&tag)).await;
    assert_eq!(news.status, 200);
    assert_eq!(news.header("etag"), Some(etag(&world).await.as_str()));
}
