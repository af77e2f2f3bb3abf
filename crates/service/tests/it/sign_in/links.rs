//! Links that open accounts.

use std::time::Duration;

use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_policy::judge_password::PasswordDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::account_denial::{AccountDenial, AccountResult};
use turnkeep_service::sign_in::account_links::{create_welcome_link, look_at_link};
use turnkeep_service::sign_in::request_reset::{ResetRequest, request_reset};
use turnkeep_service::sign_in::sign_in_with_password::PasswordOutcome;
use turnkeep_service::sign_in::use_link::{UseLink, set_password_by_link};

use super::sign_in_verbs::{PASSWORD, browser, browser_with, secret};
use crate::world::{World, denial};

/// The token of a link in a text.
pub(super) fn token_in(text: &str) -> PlaintextSecret {
    let (_, rest) = text.split_once("https://id.example.com/account/link?token=").unwrap();
    secret(rest.split_whitespace().next().unwrap())
}

impl World {
    fn use_link(&self, token: &PlaintextSecret, password: &str) -> AccountResult<PasswordOutcome> {
        let command = UseLink {
            issuer: self.slug.clone(),
            token: token.clone(),
            password: secret(password),
            browser: browser("192.0.2.1"),
            request_id: None,
        };
        set_password_by_link(&self.authority, &command)
    }

    fn ask_reset(&self, user_name: &str) {
        let (issuer, user_name) = (self.slug.clone(), user_name.to_owned());
        request_reset(&self.authority, ResetRequest { issuer, user_name, device: None, request_id: None });
    }

    fn ask_reset_with(&self, user_name: &str, device: Option<&str>) {
        let (user_name, device) = (user_name.to_owned(), device.map(str::to_owned));
        let request = ResetRequest { issuer: self.slug.clone(), user_name, device, request_id: None };
        request_reset(&self.authority, request);
        self.authority.keep_books().unwrap();
    }
}

#[test]
fn a_welcome_link_lets_a_person_choose_a_password_once() {
    let (world, outbox) = World::bare().with_outbox();
    let user = world.human_without_password(UserKind::Community, "ada", Some("ada@example.com"));
    let link = create_welcome_link(&world.operator(), user.id).unwrap();
    let token = token_in(link.url.expose());
    let mails = outbox.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "ada@example.com"));
    assert!(!mails[0].subject.is_empty());
    assert_eq!(token_in(&mails[0].text).expose(), token.expose());
    let view = look_at_link(&world.authority, &world.slug, token.expose()).unwrap().unwrap();
    assert_eq!(view.user.unwrap().id, user.id);
    // A password that is refused leaves the link as it is.
    let common = denial(world.use_link(&token, "password password"));
    assert!(matches!(common, AccountDenial::Password(PasswordDenial::Common | PasswordDenial::Pattern)));
    let PasswordOutcome::SignedIn(session) = world.use_link(&token, PASSWORD).unwrap() else {
        panic!("no second factor was set up")
    };
    assert_eq!(world.behind(&session).unwrap().user.id, user.id);
    assert_eq!(denial(world.use_link(&token, "seven kettles whistle")), AccountDenial::LinkSpent);
    assert_eq!(look_at_link(&world.authority, &world.slug, token.expose()).unwrap(), None);
    assert!(world.behind(&session).is_some());
}

#[test]
fn another_welcome_link_takes_the_place_of_the_first_and_leaves_what_the_person_asked_for() {
    let (world, outbox) = World::bare().with_outbox();
    let ada = world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    let grace = world.human_without_password(UserKind::Internal, "grace", None);
    let welcome =
        |user: &User| token_in(create_welcome_link(&world.operator(), user.id).unwrap().url.expose());
    let works = |token: &PlaintextSecret| {
        look_at_link(&world.authority, &world.slug, token.expose()).unwrap().is_some()
    };
    let (first, of_another) = (welcome(&ada), welcome(&grace));
    world.ask_reset("ada");
    world.authority.keep_books().unwrap();
    let reset = token_in(&outbox.mails().last().unwrap().text);
    let second = welcome(&ada);
    assert_eq!(denial(world.use_link(&first, PASSWORD)), AccountDenial::LinkSpent);
    assert!([&second, &of_another, &reset].into_iter().all(works));
    assert!(world.use_link(&second, PASSWORD).is_ok());
    assert!(!works(&reset));
}

#[test]
fn links_expire_and_die_with_their_user() {
    let world = World::bare();
    let ada = world.human("ada");
    let link = || token_in(create_welcome_link(&world.operator(), ada.id).unwrap().url.expose());
    let expired = link();
    world.advance(7 * 86_400);
    assert_eq!(denial(world.use_link(&expired, PASSWORD)), AccountDenial::LinkSpent);
    let token = link();
    switch_user(&world.operator(), ada.id, UserState::Disabled, None).unwrap();
    assert_eq!(denial(world.use_link(&token, PASSWORD)), AccountDenial::LinkSpent);
    assert_eq!(denial(create_welcome_link(&world.operator(), ada.id)), AccountDenial::UserCannotSignIn);
    let robot = world.human_without_password(UserKind::System, "robot", None);
    assert_eq!(denial(create_welcome_link(&world.operator(), robot.id)), AccountDenial::UserCannotSignIn);
    for text in ["", "tkal_", "tkal_made-up", token.expose()] {
        assert_eq!(denial(world.use_link(&secret(text), PASSWORD)), AccountDenial::LinkSpent);
    }
}

#[test]
fn links_from_before_a_user_was_disabled_stay_dead() {
    let (world, outbox) = World::bare().with_outbox();
    let ada = world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    let welcome = token_in(create_welcome_link(&world.operator(), ada.id).unwrap().url.expose());
    world.ask_reset("ada");
    world.authority.keep_books().unwrap();
    let reset = token_in(&outbox.mails().last().unwrap().text);
    assert_ne!(reset.expose(), welcome.expose());
    switch_user(&world.operator(), ada.id, UserState::Disabled, None).unwrap();
    switch_user(&world.operator(), ada.id, UserState::Active, None).unwrap();
    for token in [&welcome, &reset] {
        assert_eq!(denial(world.use_link(token, PASSWORD)), AccountDenial::LinkSpent);
    }
    let new = token_in(create_welcome_link(&world.operator(), ada.id).unwrap().url.expose());
    assert!(world.use_link(&new, PASSWORD).is_ok());
}

#[test]
fn who_asks_for_a_new_password_learns_nothing_and_only_the_owner_gets_a_mail() {
    let (world, outbox) = World::bare().with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.human("nomail");
    let gone = world.human_without_password(UserKind::Internal, "gone", Some("gone@example.com"));
    switch_user(&world.operator(), gone.id, UserState::Disabled, None).unwrap();
    world.set_password("ada", PASSWORD);
    let session = world.came_in("ada");
    let before = world.trail().len();
    let names = ["ada", "ADA@example.com", "nomail", "gone", "nobody", "", "a'b\"<>", &"x".repeat(100_000)];
    for name in names {
        world.ask_reset(name);
    }
    // Whatever was asked for, nothing has happened yet that could take longer for one name than for another.
    assert_eq!((world.trail().len(), outbox.mails().len()), (before, 0));
    world.authority.keep_books().unwrap();
    let mails = outbox.mails();
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@example.com"; 2]);
    assert!(world.behind(&session).is_some(), "asking changes nothing");
    let token = token_in(&mails[1].text);
    assert!(world.use_link(&token, "seven kettles whistle").is_ok());
    assert!(world.behind(&session).is_none());
    assert_eq!(denial(world.use_link(&token_in(&mails[0].text), PASSWORD)), AccountDenial::LinkSpent);
}

#[test]
fn nobody_is_flooded_with_mail() {
    let (world, outbox) = World::bare().with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    for _ in 0..20 {
        world.ask_reset("ada");
        world.ask_reset("ada@example.com");
    }
    world.authority.keep_books().unwrap();
    assert_eq!(outbox.mails().len(), 3);
    world.clock.0.pause(Duration::from_secs(300));
    world.ask_reset("ada");
    world.ask_reset("ada");
    world.authority.keep_books().unwrap();
    assert_eq!(outbox.mails().len(), 4);
}

#[test]
fn and_nobody_is_kept_from_it() {
    let (world, outbox) = World::bare().with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.set_password("ada", PASSWORD);
    let known = browser_with(&world.came_in("ada"));
    world.human("eve");
    let eves = browser_with(&world.came_in("eve"));
    // Somebody asks for as many as there may be, for six hours: there is always one that works.
    for _ in 0..72 {
        for _ in 0..4 {
            world.ask_reset_with("ada", eves.device.as_deref());
        }
        let link = token_in(&outbox.mails().last().unwrap().text);
        assert!(look_at_link(&world.authority, &world.slug, link.expose()).unwrap().is_some());
        world.advance(300);
        world.clock.0.pause(Duration::from_secs(300));
    }
    let sent = outbox.mails().len();
    assert!(sent < 25, "{sent}");
    world.ask_reset_with("ada", None);
    let waiting = outbox.mails().len();
    world.ask_reset_with("ada", None);
    assert_eq!(outbox.mails().len(), waiting);
    // A browser of hers does not wait for it, and has a bound of its own.
    for _ in 0..5 {
        world.ask_reset_with("ada", known.device.as_deref());
    }
    assert_eq!(outbox.mails().len(), waiting + 3);
}

#[test]
fn a_reset_link_is_no_way_around_the_second_factor() {
    let (world, outbox) = World::bare().with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.set_password("ada", PASSWORD);
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    world.set_up_totp(&signed_in);
    world.ask_reset("ada");
    world.authority.keep_books().unwrap();
    let token = token_in(&outbox.mails()[0].text);
    let outcome = world.use_link(&token, "tea-mug9").unwrap();
    assert!(matches!(outcome, PasswordOutcome::SecondFactorNeeded(_)));
}

#[test]
fn a_reset_link_lasts_for_half_an_hour() {
    let (world, outbox) = World::bare().with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.ask_reset("ada");
    world.authority.keep_books().unwrap();
    let token = token_in(&outbox.mails()[0].text);
    world.advance(1_799);
    assert!(look_at_link(&world.authority, &world.slug, token.expose()).unwrap().is_some());
    world.advance(1);
    assert_eq!(denial(world.use_link(&token, PASSWORD)), AccountDenial::LinkSpent);
}
