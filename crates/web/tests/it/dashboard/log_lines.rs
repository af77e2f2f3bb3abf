//! Texts that would like to be lines of the log or headers of an answer (attack 76).

use serde_json::{Value, json};

use super::estate::{member, operator};
use crate::account::browser::encoded;
use crate::logs::{keep_log, logged};
use crate::world::World;

const FORGED: [&str; 5] = [
    "a\r\nSet-Cookie: forged=1",
    "a\n{\"level\":\"ERROR\",\"message\":\"forged\"}",
    "a\u{1b}[2J\u{1b}[31mforged",
    "\",\"level\":\"ERROR\",\"forged\":\"",
    "${jndi:ldap://forged.example/a}",
];

#[actix_web::test]
async fn attack_76_no_text_of_the_dashboard_becomes_a_line_of_the_log_or_a_header() {
    keep_log();
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let orders = world.app_with(&acme, "Orders", json!({})).await;
    let olga = operator(&world, "olga").await.called("${jndi:ldap://forged.example/b}\tx");
    let dora = member(&world, &acme, "dora", "developer").await;
    let tenant = format!("/dashboard/tenants/{acme}");
    for text in FORGED {
        let query = |name: &str| encoded(&[(name, text)]);
        let mut answers = Vec::new();
        for path in [
            format!("/dashboard/search?{}", query("q")),
            format!("{tenant}/apps?{}", query("search")),
            format!("{tenant}/apps/name-check?{}", query("name")),
            format!("{tenant}/audit?{}", query("actor")),
            format!("{tenant}/apps/{}?{}", orders.id, query("done")),
        ] {
            answers.push(olga.get(&path).await);
        }
        let page = dora.get(&format!("{tenant}/apps/new")).await;
        let fields = [("region", "eu-west"), ("name", text), ("domain_1", text)];
        answers.push(dora.submit(&page, "new-app-form", &fields).await);
        for answer in answers {
            assert!(answer.status < 500, "{text:?}: {}", answer.text());
            assert!(!format!("{:?}", answer.headers).contains("forged"), "{text:?}: {:?}", answer.headers);
        }
    }
    let log = logged();
    assert!(log.contains("/dashboard/search"), "the log is that of these requests");
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    assert!(!log.contains("forged") && !log.contains('\u{1b}'), "what was sent is not in the log");
}
