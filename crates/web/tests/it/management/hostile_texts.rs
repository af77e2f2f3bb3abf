//! Texts that are meant to do something (attacks 66, 74, 76).

use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn names_come_back_as_they_are_or_are_refused() {
    let world = World::bare();
    let long = "x".repeat(100_000);
    for (number, (name, status)) in [
        ("'; DROP TABLE apps; --", 201),
        ("100%_", 201),
        ("<script>alert(1)</script>", 201),
        ("=cmd|' /C calc'!A0", 201),
        ("${jndi:ldap://x}", 201),
        ("a\u{0}b", 422),
        ("a\r\nSet-Cookie: x", 201),
        ("a\u{1b}[2Jb", 422),
        ("a\u{202e}b", 422),
        ("", 422),
        (long.as_str(), 422),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = world.operate("POST", "/api/v1/tenants", Some(json!({"name": name}))).await;
        assert_eq!(answer.status, status, "{number}: {}", answer.text());
        if status == 201 {
            let expected = name.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(answer.json()["name"], expected);
            assert_eq!(answer.header("set-cookie"), None);
        } else {
            assert_eq!(answer.blamed_fields(), ["name"]);
        }
    }
}

#[actix_web::test]
async fn hostile_ids_lead_nowhere() {
    let world = World::bare();
    for id in
        ["%27%20OR%201=1", "..", "%2e%2e", "%00", "app_%25", "app_0000000000000000000000000u", "*", "%ff"]
    {
        let answer = world.operate("GET", &format!("/api/v1/apps/{id}"), None).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{id}");
    }
}
