//! Rights that somebody had a moment ago, in a browser that is signed in still (attack 68).

use super::estate::{Estate, filled_in};
use crate::account::browser::{Browser, csrf_of};
use crate::dashboard::estate::{member, operator, user_id};
use crate::dashboard::every_route_table::{Who, forms, pages};
use crate::world::World;
use crate::world::answer::Answer;

/// Asks for everything of these: the answers, with what was asked for.
async fn tried(
    browser: &Browser<'_>,
    estate: &Estate,
    csrf: &str,
    is_meant: impl Fn(&str, Who) -> bool,
) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for (path, _) in pages().filter(|(path, who)| is_meant(path, *who)) {
        answers.push((format!("GET {path}"), browser.get(&estate.address(path)).await));
    }
    for (path, _) in forms().filter(|(path, who)| is_meant(path, *who)) {
        answers.push((format!("POST {path}"), browser.post(&estate.address(path), &filled_in(csrf)).await));
    }
    answers
}

#[actix_web::test]
async fn attack_68_who_is_disabled_is_signed_out_on_every_page_and_by_every_form() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let adam = member(&world, &estate.acme, "adam", "admin").await;
    let csrf = csrf_of(&adam.get("/account").await);
    let disable = format!("/api/v1/users/{}/disable", user_id(&world, "adam").await);
    world.operated("POST", &disable, None).await;
    for (what, answer) in tried(&adam, &estate, &csrf, |_, _| true).await {
        let is_sent_away = answer.header("location").is_some_and(|to| to.starts_with("/account/sign-in"));
        assert_eq!((answer.status, is_sent_away), (303, true), "{what}: {}", answer.text());
    }
}

#[actix_web::test]
async fn attack_68_who_is_no_member_any_more_finds_nothing_of_the_tenant() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let ada = member(&world, &estate.acme, "ada", "owner").await;
    member(&world, &estate.acme, "olive", "owner").await;
    let csrf = csrf_of(&ada.get("/account").await);
    let member = format!("/api/v1/tenants/{}/members/{}", estate.acme, user_id(&world, "ada").await);
    assert_eq!(world.operate("DELETE", &member, None).await.status, 204);
    for (what, answer) in tried(&ada, &estate, &csrf, |path, _| path.contains("{tenant}")).await {
        assert_eq!(answer.status, 404, "{what}: {}", answer.text());
    }
}

#[actix_web::test]
async fn attack_68_a_lower_role_counts_at_the_next_request() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let adam = member(&world, &estate.acme, "adam", "admin").await;
    let csrf = csrf_of(&adam.get("/account").await);
    let member = format!("/api/v1/tenants/{}/members/{}", estate.acme, user_id(&world, "adam").await);
    world.operated("PUT", &member, Some(serde_json::json!({"role": "auditor"}))).await;
    let is_meant = |_: &str, who: Who| Who::Auditor < who && who < Who::Operator;
    for (what, answer) in tried(&adam, &estate, &csrf, is_meant).await {
        assert_eq!(answer.status, 403, "{what}: {}", answer.text());
    }
}

#[actix_web::test]
async fn attack_68_who_is_no_operator_any_more_finds_nothing_of_operators() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    operator(&world, "oskar").await;
    let olga = operator(&world, "olga").await;
    let csrf = csrf_of(&olga.get("/account").await);
    let path = format!("/api/v1/operators/{}", user_id(&world, "olga").await);
    assert_eq!(world.operate("DELETE", &path, None).await.status, 204);
    for (what, answer) in tried(&olga, &estate, &csrf, |_, who| who != Who::Anybody).await {
        assert_eq!(answer.status, 404, "{what}: {}", answer.text());
    }
}
