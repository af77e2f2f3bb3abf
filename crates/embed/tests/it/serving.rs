//! Tokens from inside of another application, and what is left when it stops.

use actix_web::http::Method;
use serde_json::Value;
use turnkeep_embed::running::Running;
use turnkeep_embed::turnkeep::Turnkeep;

use crate::host::{Host, first_operator, settings};

/// A way in which an authority ends, and its name.
type Ending = (&'static str, fn(Running));

#[actix_web::test]
async fn an_app_gets_tokens_until_it_is_disabled() {
    let turnkeep = Turnkeep::open(settings("sqlite::memory:", 1)).unwrap();
    let operator = first_operator(&turnkeep);
    let running = turnkeep.start();
    let host = Host::around(&running).await;
    let operator = host.operator(&operator).await;
    let (id, app) = operator.make_app().await;

    let answer = host.ask_token(&app.client_id, &app.secret).await;
    assert_eq!((answer.status, answer.field("scope")), (200, Value::from("read")));
    operator.call(Method::POST, &format!("/apps/{id}/disable"), None).await;
    let answer = host.ask_token(&app.client_id, &app.secret).await;
    assert_eq!((answer.status, answer.field("error")), (401, Value::from("invalid_client")));
}

#[actix_web::test]
async fn whichever_way_it_ends_the_last_notes_are_written() {
    let ends: [Ending; 2] = [("stopped", |running| running.stop().unwrap()), ("dropped", drop::<Running>)];
    for (how, end) in ends {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("turnkeep.db").display().to_string();
        let turnkeep = Turnkeep::open(settings(&database, 1)).unwrap();
        let operator = first_operator(&turnkeep);
        let running = turnkeep.start();
        let host = Host::around(&running).await;
        let (id, app) = host.operator(&operator).await.make_app().await;
        assert_eq!(host.ask_token(&app.client_id, &app.secret).await.status, 200);
        end(running);
        assert_eq!(host.ask_token(&app.client_id, &app.secret).await.status, 503, "{how}");

        let turnkeep = Turnkeep::open(settings(&database, 1)).unwrap();
        assert!(turnkeep.first_start().unwrap().is_none());
        let running = turnkeep.start();
        let host = Host::around(&running).await;
        let secrets = format!("/apps/{id}/secrets");
        let secrets = host.operator(&operator).await.call(Method::GET, &secrets, None).await;
        assert!(secrets["items"][0]["last_used_at"].is_string(), "{how}: {secrets}");
    }
}
