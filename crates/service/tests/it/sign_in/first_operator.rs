//! The first person to operate a server.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::user::{UserKind, UserName};
use turnkeep_policy::judge_password::PasswordDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::account_denial::{AccountDenial, AccountResult};
use turnkeep_service::sign_in::account_links::{create_first_operator_link, look_at_link};
use turnkeep_service::sign_in::make_first_operator::{MakeFirstOperator, make_first_operator};
use turnkeep_service::sign_in::session::NewSession;
use turnkeep_service::sign_in::use_link::{UseLink, set_password_by_link};
use turnkeep_testkit::fixtures::email;

use super::links::token_in;
use super::sign_in_verbs::{PASSWORD, browser, secret};
use crate::world::{World, denial};

impl World {
    fn become_operator(
        &self,
        token: &PlaintextSecret,
        name: &str,
        password: &str,
    ) -> AccountResult<NewSession> {
        let command = MakeFirstOperator {
            issuer: self.slug.clone(),
            token: token.clone(),
            name: UserName::parse(name).unwrap(),
            display_name: DisplayName::parse("Root Person").unwrap(),
            password: secret(password),
            browser: browser("192.0.2.1"),
            request_id: None,
        };
        make_first_operator(&self.authority, &command)
    }
}

#[test]
fn the_link_of_the_first_start_makes_one_operator() {
    let world = World::bare();
    let lost = token_in(world.operator.first_operator_link.as_ref().unwrap().expose());
    let token = token_in(create_first_operator_link(&world.operator()).unwrap().unwrap().url.expose());
    assert_eq!(denial(world.become_operator(&lost, "root", PASSWORD)), AccountDenial::LinkSpent);
    world.human("taken");
    assert_eq!(denial(world.become_operator(&token, "taken", PASSWORD)), AccountDenial::NameTaken);
    let weak = denial(world.become_operator(&token, "root", "Root Person 1234"));
    assert_eq!(weak, AccountDenial::Password(PasswordDenial::KnownName));
    let session = world.become_operator(&token, "root", PASSWORD).unwrap();
    let signed_in = world.behind(&session).unwrap();
    assert_eq!(signed_in.user.kind, UserKind::Internal);
    let operators = world.store.read(|reads| reads.list_operators(world.instance_id)).unwrap();
    assert_eq!(operators.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [signed_in.user.id]);
    world.came_in("root");
    for spent in [&token, &lost] {
        assert_eq!(denial(world.become_operator(spent, "second", PASSWORD)), AccountDenial::LinkSpent);
        assert_eq!(look_at_link(&world.authority, &world.slug, spent.expose()).unwrap(), None);
    }
    assert!(create_first_operator_link(&world.operator()).unwrap().is_none());
}

/// The page asks for a name alone, and many a person types an address.
#[test]
fn whoever_goes_by_an_address_has_it() {
    let world = World::bare();
    let token = token_in(world.operator.first_operator_link.as_ref().unwrap().expose());
    world.human_without_password(UserKind::Internal, "wanda", Some("wanda@example.org"));
    let refused = denial(world.become_operator(&token, "Wanda@Example.org", PASSWORD));
    assert_eq!(refused, AccountDenial::NameTaken);
    let session = world.become_operator(&token, "Root@Example.org", PASSWORD).unwrap();
    let user = world.behind(&session).unwrap().user;
    assert_eq!((user.name.as_str(), user.email), ("root@example.org", Some(email("root@example.org"))));
}

#[test]
fn the_link_lasts_for_a_day_and_opens_nothing_else() {
    let world = World::bare();
    let token = token_in(world.operator.first_operator_link.as_ref().unwrap().expose());
    let command = UseLink {
        issuer: world.slug.clone(),
        token: token.clone(),
        password: secret(PASSWORD),
        browser: browser("192.0.2.1"),
        request_id: None,
    };
    assert_eq!(denial(set_password_by_link(&world.authority, &command)), AccountDenial::LinkSpent);
    world.advance(86_400);
    assert_eq!(denial(world.become_operator(&token, "root", PASSWORD)), AccountDenial::LinkSpent);
}
