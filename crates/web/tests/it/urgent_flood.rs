//! What takes access away is never turned away, which anybody could use: so only so many of those run at once.

use actix_web::rt::task::yield_now;
use actix_web::test::TestRequest;
use futures_util::future::poll_immediate;
use futures_util::stream::{FuturesUnordered, StreamExt};
use turnkeep_secret::generated::{SecretKind, generate};

use crate::world::requests::{basic, bearer, form, request};
use crate::world::troubled_store::Trouble;
use crate::world::{TestApp, World};

const FLOOD: usize = 64;
const AT_ONCE: usize = 16;

/// As long as anything else that could go on does.
const ROUNDS: usize = 1_000;

/// How many of a flood ask the database at once, and what all of them are answered.
async fn flood_with(world: &World, make: impl Fn() -> TestRequest) -> (usize, Vec<u16>) {
    let held = world.store.troubled(Trouble::Held);
    let mut flood: FuturesUnordered<_> = (0..FLOOD).map(|_| world.send(make())).collect();
    while world.store.held() < AT_ONCE {
        assert!(poll_immediate(flood.next()).await.is_none());
        yield_now().await;
    }
    for _ in 0..ROUNDS {
        assert!(poll_immediate(flood.next()).await.is_none());
        yield_now().await;
    }
    let at_once = world.store.held();
    drop(held);
    (at_once, flood.map(|answer| answer.status).collect().await)
}

#[actix_web::test]
async fn strangers_who_claim_to_take_access_away_run_in_turns_and_are_all_answered() {
    let world = World::new().await;
    // What everybody needs is in memory.
    world.token(&world.operator).await;
    assert_eq!(world.send(TestRequest::get().uri("/account/sign-in")).await.status, 200);
    let session = generate(SecretKind::Session, [7; 32]).expose().to_owned();
    let cookie = ("Cookie", format!("__Host-turnkeep-session={session}"));
    let token = generate(SecretKind::ManagementToken, [7; 32]).expose().to_owned();
    let page = |path: &str| form(path, "csrf=x").insert_header(cookie.clone());
    let paths = ["/account/sign-out", "/account/sessions/end-others", "/account/tokens/x/revoke"];
    for path in paths {
        assert_eq!(flood_with(&world, || page(path)).await, (AT_ONCE, vec![303; FLOOD]), "{path}");
    }
    let logout = || request("GET", "/connect/endsession").insert_header(cookie.clone());
    assert_eq!(flood_with(&world, logout).await, (AT_ONCE, vec![303; FLOOD]));
    let disable = || request("POST", "/api/v1/apps/x/disable").insert_header(bearer(&token));
    assert_eq!(flood_with(&world, disable).await, (AT_ONCE, vec![401; FLOOD]));
    let TestApp { client_id, secret, .. } = &world.operator;
    let theirs = format!("token={}", generate(SecretKind::RefreshToken, [7; 32]).expose());
    let revoke = || form("/connect/revoke", &theirs).insert_header(basic(client_id, secret));
    assert_eq!(flood_with(&world, revoke).await, (AT_ONCE, vec![200; FLOOD]));
}
