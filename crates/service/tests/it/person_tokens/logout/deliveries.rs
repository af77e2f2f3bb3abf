//! Delivering notices: what a logout token says, and what happens to those that nobody takes.

use serde_json::json;
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_service::logout::deliver_notices::Deliveries;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::sign_in::end_sessions::sign_out;
use turnkeep_storage::logout_notice::NoticeLimits;

use super::super::people::Person;
use super::scripted_apps::{ScriptedApps, address, parts, telling_world};
use crate::world::{TestApp, World};

/// Ada has signed out of an app that is told of it.
fn signed_out() -> (World, std::sync::Arc<ScriptedApps>, TestApp, Person) {
    let (world, apps) = telling_world();
    let portal = world.told_app("portal");
    let (ada, handle) = world.browsing("ada");
    world.granted_to(&portal, &ada);
    sign_out(&world.authority, &world.slug, &handle, None).unwrap();
    (world, apps, portal, ada)
}

#[test]
fn a_logout_token_says_whose_session_is_over_and_carries_no_nonce() {
    let (world, apps, portal, ada) = signed_out();
    world.advance(7);
    assert_eq!(world.deliver(), Deliveries { delivered: 1, ..Deliveries::default() });
    let told = apps.told();
    let [(uri, token)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(*uri, address("portal"));
    let [header, claims] = parts(token);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("logout+jwt"), &json!("RS256")));
    let now = world.authority.now().as_secs();
    let expected = json!({
        "iss": "https://id.example.com",
        "aud": portal.client_id,
        "sub": ada.user.id.to_string(),
        "sid": ada.session.id.to_string(),
        "iat": now,
        "exp": now + 120,
        "jti": claims["jti"],
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    assert_eq!(claims, expected);
    assert!(claims["jti"].as_str().is_some_and(|jti| !jti.is_empty()));
    let hint =
        turnkeep_service::person_tokens::id_token_hint::read_hint(&world.authority, &world.slug, token);
    assert_eq!(hint.unwrap(), None, "attack 36: a logout token is no ID token");
    assert!(!world.is_active(token), "attack 36: nor an access token");
    assert_eq!(world.deliver(), Deliveries::default(), "once is enough");
}

#[test]
fn an_app_that_does_not_answer_is_asked_with_growing_pauses_and_then_given_up() {
    let (world, apps, portal, _) = signed_out();
    apps.silence(&address("portal"));
    let failed = Deliveries { failed: 1, ..Deliveries::default() };
    assert_eq!(world.deliver(), failed);
    let mut tokens = apps.told();
    for pause in [10, 40, 160, 640] {
        world.advance(pause - 1);
        assert_eq!(world.deliver(), Deliveries::default(), "not before {pause} s");
        world.advance(1);
        let expected = match pause {
            640 => Deliveries { given_up: 1, ..Deliveries::default() },
            _ => failed,
        };
        assert_eq!(world.deliver(), expected, "after {pause} s");
        tokens.extend(apps.told());
    }
    assert_eq!(tokens.len(), usize::try_from(LogoutNotice::MAX_ATTEMPTS).unwrap());
    let [first, last] = [&tokens[0].1, &tokens[4].1].map(|token| parts(token)[1].clone());
    assert_eq!(first["jti"], last["jti"], "it is the same notice");
    assert_eq!(last["iat"], json!(first["iat"].as_i64().unwrap() + 850), "but signed anew");
    world.advance(86_400);
    assert_eq!(world.deliver(), Deliveries::default());
    assert_eq!(apps.told(), []);
    let events = world.events("logout.notify");
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!(event.object.as_deref(), Some(portal.id.to_string().as_str()));
    assert_eq!(event.tenant_id, Some(portal.tenant_id));
    assert_eq!(event.refusal.as_deref(), Some("undelivered"));
    let totals = world.authority.logout_totals();
    assert_eq!((totals.delivered, totals.failed, totals.given_up), (0, 4, 1));
}

#[test]
fn an_app_that_is_back_in_time_is_told_and_a_silent_one_holds_up_nobody() {
    let (world, apps) = telling_world();
    let [slow, quick] = ["slow", "quick"].map(|name| world.told_app(name));
    let (ada, handle) = world.browsing("ada");
    world.granted_to(&slow, &ada);
    world.granted_to(&quick, &ada);
    sign_out(&world.authority, &world.slug, &handle, None).unwrap();
    apps.silence(&address("slow"));
    assert_eq!(world.deliver(), Deliveries { delivered: 1, failed: 1, ..Deliveries::default() });
    apps.told();
    apps.hear(&address("slow"));
    world.advance(10);
    assert_eq!(world.deliver().delivered, 1);
    assert_eq!(apps.told()[0].0, address("slow"));
    assert_eq!(world.events("logout.notify"), []);
}

#[test]
fn an_app_that_wants_to_know_no_more_is_not_told() {
    let (world, apps, portal, _) = signed_out();
    world.update(&portal, &AppChanges { backchannel_logout_uri: Some(None), ..AppChanges::default() });
    assert_eq!(world.deliver(), Deliveries { dropped: 1, ..Deliveries::default() });
    assert_eq!(apps.told(), []);
}

#[test]
fn many_notices_are_delivered_some_at_a_time() {
    let (world, apps) = telling_world();
    let portal = world.told_app("portal");
    let others: Vec<TestApp> = (0..4).map(|number| world.told_app(&format!("other-{number}"))).collect();
    let (ada, _) = world.browsing("ada");
    world.insert_notices(&portal, &ada, 5);
    let round = |world: &World| {
        let done = world.deliver();
        (done.delivered, done.is_more_due)
    };
    assert_eq!(round(&world), (4, true), "four of one app");
    assert_eq!(round(&world), (1, false));
    for app in &others {
        world.insert_notices(app, &ada, 4);
    }
    world.insert_notices(&portal, &ada, 1);
    assert_eq!(round(&world), (16, true), "sixteen altogether");
    assert_eq!(round(&world), (1, false));
    assert_eq!(apps.told().len(), 22);
}

#[test]
fn an_app_that_never_answers_keeps_no_other_app_from_being_told_however_many_notices_it_has() {
    let (world, apps) = telling_world();
    let [dead, live] = ["dead", "live"].map(|name| world.told_app(name));
    apps.silence(&address("dead"));
    let (ada, _) = world.browsing("ada");
    world.insert_notices(&dead, &ada, 100);
    world.advance(1);
    world.insert_notices(&live, &ada, 1);
    let first = world.deliver();
    assert_eq!((first.delivered, first.failed, first.is_more_due), (1, 4, true));
    // All the time, also while the old ones are tried again and again.
    let mut attempts = 4;
    while world.authority.logout_totals().given_up < 100 {
        world.insert_notices(&live, &ada, 1);
        let round = world.deliver();
        assert_eq!(round.delivered, 1);
        attempts += round.failed + round.given_up;
        world.advance(5);
    }
    assert_eq!(attempts, 100 * LogoutNotice::MAX_ATTEMPTS, "and none of the old ones is forgotten");
}

#[test]
fn many_apps_that_never_answer_hold_up_a_logout_for_one_round() {
    let (world, apps) = telling_world();
    let (ada, _) = world.browsing("ada");
    for number in 0..20 {
        let name = format!("dead-{number}");
        world.insert_notices(&world.told_app(&name), &ada, 8);
        apps.silence(&address(&name));
    }
    world.advance(1);
    world.insert_notices(&world.told_app("live"), &ada, 1);
    let rounds = [world.deliver(), world.deliver()];
    assert_eq!(rounds.map(|round| (round.delivered, round.failed)), [(0, 16), (1, 15)]);
}

#[test]
fn two_nodes_never_tell_the_same_at_once() {
    let (world, apps, ..) = signed_out();
    let now = world.authority.now();
    let retry_at = now.plus(std::time::Duration::from_secs(60));
    let limits = NoticeLimits { all: 16, of_an_app: 4 };
    let taken = world.store.keep_books(|books| books.take_logout_notices(now, retry_at, limits)).unwrap();
    assert_eq!(taken.len(), 1, "another node is about to deliver it, and dies");
    assert_eq!(world.deliver(), Deliveries::default());
    world.advance(60);
    assert_eq!(world.deliver().delivered, 1);
    assert_eq!(apps.told().len(), 1);
}
