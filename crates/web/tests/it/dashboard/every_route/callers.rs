//! Every page and every form, as everybody: who does not get there is told no more than that.

use super::estate::{Estate, filled_in};
use crate::account::browser::{csrf_of, message_of};
use crate::account::pages::assert_page;
use crate::dashboard::every_route_table::{Who, forms, pages};
use crate::world::World;

/// What somebody gets who may not: the parts of operators and of other tenants do not exist.
fn refusal(who: Who, caller: Who) -> Option<(u16, Option<&'static str>)> {
    match caller {
        _ if who <= caller => None,
        Who::Anybody => Some((404, Some("not_found"))),
        _ if who < Who::Operator => Some((403, Some("forbidden"))),
        _ => Some((404, Some("not_found"))),
    }
}

#[actix_web::test]
async fn attack_68_every_form_is_refused_to_whom_it_is_not_for() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    for (browser, name, caller) in estate.everybody(&world).await {
        let csrf = csrf_of(&browser.get("/account").await);
        for (path, who) in forms() {
            let Some(refusal) = refusal(who, caller) else { continue };
            let answer = browser.post(&estate.address(path), &filled_in(&csrf)).await;
            assert_eq!(
                (answer.status, message_of(&answer).as_deref()),
                refusal,
                "{name}, {path}: {}",
                answer.text()
            );
            assert_page(&answer);
        }
    }
}

/// What is wrong with a form is told to who may send it.
#[actix_web::test]
async fn attack_68_a_form_with_nothing_in_it_is_refused_in_the_same_words() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let mut told_more = Vec::new();
    for (browser, name, caller) in estate.everybody(&world).await {
        let csrf = csrf_of(&browser.get("/account").await);
        for (path, who) in forms() {
            let Some(refusal) = refusal(who, caller) else { continue };
            let answer = browser.post(&estate.address(path), &[("csrf", &csrf), ("version", "1")]).await;
            if (answer.status, message_of(&answer).as_deref()) != refusal {
                told_more.push((name, path, answer.status));
            }
        }
    }
    assert_eq!(told_more, []);
}

#[actix_web::test]
async fn attack_69_every_page_is_there_for_whom_it_is_for() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    for (browser, name, caller) in estate.everybody(&world).await {
        for (path, who) in pages() {
            let address = estate.address(path);
            let answer = browser.get(&address).await;
            match refusal(who, caller) {
                Some(refusal) => {
                    let seen = (answer.status, message_of(&answer));
                    assert_eq!((seen.0, seen.1.as_deref()), refusal, "{name}, {path}: {}", answer.text());
                }
                None => {
                    let is_there = answer.status == 200 || path.is_empty() && answer.status == 303;
                    assert!(is_there, "{name}, {path}: {} {}", answer.status, answer.text());
                }
            }
            assert_page(&answer);
        }
    }
}
