//! People who can sign in.

use data_encoding::BASE32_NOPAD;
use totp_rs::Builder;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::registry::context::{RegistryContext, find_addressed_instance};
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::tokens::authenticate_bearer::Caller;

use super::browser::Browser;
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::person;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "violet otters plough tin harbours";

/// A person of the default instance who can sign in; the id.
pub(crate) async fn person_with_password(world: &World, name: &str) -> String {
    let id = person(world, name).await;
    set_password(world, name, PASSWORD);
    id
}

/// Sets somebody's password, as the command line does.
pub(crate) fn set_password(world: &World, name: &str, password: &str) {
    set_password_at(world, "default", name, password);
}

/// The same in an instance.
pub(crate) fn set_password_at(world: &World, instance: &str, name: &str, password: &str) {
    let slug = Slug::parse(instance).unwrap();
    let instance = find_addressed_instance(&world.authority, &slug).unwrap();
    let context = RegistryContext {
        authority: &world.authority,
        instance_id: instance.id,
        caller: Caller::COMMAND_LINE,
        request_id: None,
        idempotency: None,
    };
    let password = PlaintextSecret::new(password.to_owned());
    set_password_of(&context, &UserName::parse(name).unwrap(), &password).unwrap();
}

/// A browser that somebody has signed in with.
pub(crate) async fn signed_in<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let browser = Browser::new(world);
    let answer = browser.sign_in(name, PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/account")), "{}", answer.text());
    browser
}

/// The secret that the page shows that sets up an authenticator app.
pub(crate) fn totp_secret(page: &Answer) -> Vec<u8> {
    let (_, rest) = page.text().split_once("<code id=\"totp-secret\">").unwrap();
    let text: String = rest.split('<').next().unwrap().chars().filter(char::is_ascii_alphanumeric).collect();
    BASE32_NOPAD.decode(text.to_uppercase().as_bytes()).unwrap()
}

/// The code of an authenticator app now.
pub(crate) fn totp_code(world: &World, secret: &[u8]) -> String {
    let now = u64::try_from(world.authority.now().as_secs()).unwrap();
    Builder::new().with_secret(secret.to_vec()).build().unwrap().generate(now).to_string()
}

/// Sets up an authenticator app; its secret and the recovery codes.
pub(crate) async fn set_up_totp(world: &World, browser: &Browser<'_>) -> (Vec<u8>, Vec<String>) {
    let account = browser.get("/account").await;
    let setup = browser.submit(&account, "totp-start-form", &[]).await;
    assert_eq!(setup.status, 200, "{}", setup.text());
    let secret = totp_secret(&setup);
    let codes = browser.submit(&setup, "totp-form", &[("code", &totp_code(world, &secret))]).await;
    assert_eq!(codes.status, 200, "{}", codes.text());
    (secret, recovery_codes(&codes))
}

/// The codes on the page that shows them once.
pub(crate) fn recovery_codes(page: &Answer) -> Vec<String> {
    let codes = page.text().split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    codes.collect()
}
