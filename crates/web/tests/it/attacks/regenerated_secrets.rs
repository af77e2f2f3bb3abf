//! A secret that is regenerated twice (attack 73).

use crate::attacks::at_once::{Call, at_once};
use crate::world::answer::Answer;
use crate::world::databases::on_both_databases;
use crate::world::people::text;
use crate::world::{TestApp, World};

on_both_databases!(
    attack_73_of_secrets_that_are_regenerated_at_once_one_is_valid_and_was_shown,
    attack_73_the_second_of_two_equal_submissions_shows_nothing_and_changes_nothing,
);

fn with_secret(app: &TestApp, answer: &Answer) -> TestApp {
    TestApp { secret: text(&answer.json()["client_secret"]), ..app.clone() }
}

async fn attack_73_of_secrets_that_are_regenerated_at_once_one_is_valid_and_was_shown(world: World) {
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets/regenerate", app.id);
    let answers = at_once(&world, (0..8).map(|_| Call::new("POST", path.clone(), None)).collect()).await;
    let mut valid = 0;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text());
        valid += usize::from(world.ask_token(&with_secret(&app, answer), "").await.status == 200);
    }
    assert_eq!(valid, 1);
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    let explained = world.operated("GET", &format!("/api/v1/apps/{}/explain", app.id), None).await;
    assert_eq!(explained["live_secrets"], 1);
}

async fn attack_73_the_second_of_two_equal_submissions_shows_nothing_and_changes_nothing(world: World) {
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets/regenerate", app.id);
    let submission = |_| Call::new("POST", path.clone(), None).with("Idempotency-Key", "double-click");
    let answers = at_once(&world, (0..8).map(submission).collect()).await;
    let shown: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 201 && answer.json()["client_secret"].is_string())
        .collect();
    assert_eq!(shown.len(), 1);
    for answer in &answers {
        match answer.status {
            201 if answer.header("idempotency-replayed").is_some() => {
                assert_eq!(answer.json()["client_secret_withheld"], true);
            }
            201 => {}
            _ => assert_eq!(answer.problem(), (409, "request_in_progress".to_owned())),
        }
    }
    let shown = with_secret(&app, shown[0]);
    assert_eq!(world.ask_token(&shown, "").await.status, 200);
    let later = at_once(&world, vec![submission(9)]).await;
    assert_eq!((later[0].status, &later[0].json()["client_secret_withheld"]), (201, &true.into()));
    assert_eq!(world.ask_token(&shown, "").await.status, 200);
}
