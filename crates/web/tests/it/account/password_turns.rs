//! Whoever waits for the hash of a password waits outside: in nobody's place, and not any number of them.

use std::pin::{Pin, pin};

use actix_web::rt::task::yield_now;
use futures_util::future::poll_immediate;
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::json;
use turnkeep_guard::resource::adaptive_limit::AdaptiveLimitSettings;
use turnkeep_web::state::WebSettings;

use super::browser::{Browser, PageForm, form_of, message_of};
use super::persons::{PASSWORD, person_with_password};
use crate::world::answer::Answer;
use crate::world::requests::{basic, request};
use crate::world::troubled_store::{Trouble, Troubled};
use crate::world::{World, unlimited};

/// Use cases that may run at once.
const PLACES: usize = 40;

/// Of those who are not known, how many may wait for a turn while somebody has it.
const WAITING: usize = 24;

async fn world() -> World {
    let in_flight = AdaptiveLimitSettings { floor: PLACES, ceiling: PLACES, ..unlimited().in_flight };
    let world = World::with(WebSettings { in_flight, ..unlimited() });
    world.furnish("").await;
    person_with_password(&world, "ada").await;
    world
}

async fn sign_in(browser: &Browser<'_>, form: &PageForm, name: &str, password: &str) -> Answer {
    browser.send_form(form, &[("user_name", name), ("password", password)]).await
}

/// Lets a sign-in go on until it has its turn and is to be counted, which it is as soon as what is returned is dropped.
async fn has_its_turn<'a>(
    world: &'a World,
    mut sign_in: Pin<&mut impl Future<Output = Answer>>,
) -> Troubled<'a> {
    let held = world.store.troubled(Trouble::AdmissionsHeld);
    while world.store.held() == 0 {
        assert!(poll_immediate(&mut sign_in).await.is_none());
        yield_now().await;
    }
    held
}

#[track_caller]
fn is_put_off(answer: &Answer) -> bool {
    let wait: Option<u64> = answer.header("retry-after").map(|wait| wait.parse().unwrap());
    answer.status == 503 && wait.is_some_and(|wait| (1..=5).contains(&wait))
}

#[actix_web::test]
async fn a_flood_of_sign_ins_takes_one_place_and_what_is_too_much_is_put_off_at_once() {
    let world = world().await;
    let token = world.token(&world.operator).await;
    let (ada, strangers) = (Browser::new(&world), Browser::at(&world, "198.51.100.1"));
    let own = form_of(&ada.get("/account/sign-in").await, "sign-in-form");
    let form = form_of(&strangers.get("/account/sign-in").await, "sign-in-form");
    let before = world.authority.status().password_hashes;
    let mut hers = pin!(sign_in(&ada, &own, "ada", PASSWORD));
    let held = has_its_turn(&world, hers.as_mut()).await;

    let names: Vec<String> = (1..PLACES * 2).map(|number| format!("nobody-{number}")).collect();
    let (first, second) = names.split_at(PLACES - 1);
    let mut flood = FuturesUnordered::new();
    for wave in [first, second] {
        flood.extend(wave.iter().map(|name| sign_in(&strangers, &form, name, "x")));
        while WAITING < flood.len() {
            let refused = flood.next().await.unwrap();
            assert!(is_put_off(&refused), "{refused:?}");
            assert_eq!(message_of(&refused).as_deref(), Some("temporarily_unavailable"));
        }
        // Who waits has no place: there would be none left for others.
        assert_eq!(world.state.load().in_flight, 1);
        let apps = world.call(&token, "GET", "/api/v1/apps", None).await;
        assert_eq!(apps.status, 200, "{}", apps.text());
    }
    assert_eq!(world.authority.status().password_hashes, before);
    drop(held);
    assert_eq!(hers.await.status, 303);
    while let Some(answer) = flood.next().await {
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("sign_in_refused")));
    }
    assert_eq!(world.authority.status().password_hashes, before + 1 + u64::try_from(WAITING).unwrap());
}

#[actix_web::test]
async fn passwords_at_a_gateway_wait_for_the_same_turns_and_one_that_is_remembered_for_none() {
    let world = world().await;
    let settings = json!({
        "basic_authentication": true, "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"], "scopes": "read",
    });
    let app = world.app_with(&world.tenant("", "Acme").await, "Acme", settings).await;
    let path = format!("/connect/forward-auth?audience=TrueParser.API&client_id={}", app.client_id);
    let ask = async |name: &str, password: &str| {
        world.send(request("GET", &path).insert_header(basic(name, password))).await
    };
    assert_eq!(ask("ada", PASSWORD).await.status, 200);
    let ada = Browser::new(&world);
    let form = form_of(&ada.get("/account/sign-in").await, "sign-in-form");
    let mut hers = pin!(sign_in(&ada, &form, "ada", PASSWORD));
    let held = has_its_turn(&world, hers.as_mut()).await;

    let names: Vec<String> = (0..=WAITING).map(|number| format!("nobody-{number}")).collect();
    let mut flood: FuturesUnordered<_> = names.iter().map(|name| ask(name, "x")).collect();
    let refused = flood.next().await.unwrap();
    assert!(is_put_off(&refused), "{refused:?}");
    assert_eq!((world.state.load().in_flight, flood.len()), (1, WAITING));
    assert_eq!(ask("ada", PASSWORD).await.status, 200);
    drop(held);
    assert_eq!(hers.await.status, 303);
    while let Some(answer) = flood.next().await {
        assert_eq!(answer.status, 401);
    }
}
