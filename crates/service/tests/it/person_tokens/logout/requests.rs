//! Requests of apps to sign somebody out. Who is asked and sent where is a table in `policy`; here is what it is told.

use turnkeep_domain::app::AppState;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::SessionId;
use turnkeep_policy::decide_logout::LogoutDenial;
use turnkeep_service::failure::Failure;
use turnkeep_service::logout::end_session::{EndSessionCommand, EndSessionDenial, LogoutStep, end_session};
use turnkeep_service::logout::logout_request::{LogoutRequest, SealedLogout, open_logout, seal_logout};
use turnkeep_service::sign_in::session::find_signed_in;

use super::super::people::Person;
use super::scripted_apps::{BACK, telling_world};
use crate::authorization::sample::sign_in;
use crate::world::{TestApp, World, denial};

struct Given {
    world: World,
    portal: TestApp,
    ada: Person,
    handle: String,
    id_token: String,
}

fn given() -> Given {
    let (world, _) = telling_world();
    let portal = world.told_app("portal");
    let (ada, handle) = world.browsing("ada");
    let issued = world.granted_to(&portal, &ada);
    let id_token = issued.id_token.as_ref().unwrap().expose().to_owned();
    Given { world, portal, ada, handle, id_token }
}

impl Given {
    fn request(&self) -> LogoutRequest {
        LogoutRequest {
            id_token_hint: Some(self.id_token.clone()),
            client_id: None,
            redirect_uri: Some(BACK.to_owned()),
            state: None,
        }
    }

    fn ask(&self, request: LogoutRequest) -> Result<LogoutStep, Failure<EndSessionDenial>> {
        self.ask_as(request, None)
    }

    fn ask_as(
        &self,
        request: LogoutRequest,
        agreed: Option<SessionId>,
    ) -> Result<LogoutStep, Failure<EndSessionDenial>> {
        let command = EndSessionCommand {
            issuer: self.world.slug.clone(),
            request,
            session_handle: Some(self.handle.clone()),
            agreed,
            request_id: None,
        };
        end_session(&self.world.authority, &command)
    }

    fn is_signed_in(&self) -> bool {
        find_signed_in(&self.world.authority, &self.world.slug, &self.handle).unwrap().is_some()
    }
}

#[test]
fn an_id_token_of_the_session_ends_it_however_old_it_is() {
    let given = given();
    given.world.advance(1_500);
    let step = given.ask(given.request()).unwrap();
    assert_eq!(step, LogoutStep { redirect_uri: Some(BACK.to_owned()), question: None });
    assert!(!given.is_signed_in());
    let again = given.ask(given.request()).unwrap();
    assert_eq!(again, LogoutStep { redirect_uri: Some(BACK.to_owned()), question: None });
}

#[test]
fn a_session_that_was_idle_for_too_long_is_ended_for_its_apps_by_an_id_token_of_it() {
    let given = given();
    given.world.advance(3_600);
    assert!(!given.is_signed_in());
    let without_hint = LogoutRequest { id_token_hint: None, redirect_uri: None, ..given.request() };
    assert_eq!(given.ask(without_hint).unwrap().question, None);
    assert_eq!(given.world.events("session.end").len(), 0, "a link alone ends nothing");
    given.ask(given.request()).unwrap();
    assert_eq!(given.world.events("session.end").len(), 1);
    assert_eq!(given.world.deliver().delivered, 1);
}

#[test]
fn without_an_id_token_of_the_session_the_person_is_asked() {
    let mut given = given();
    // Ada signs in anew in another browser: the ID token is of the old session.
    given.handle = sign_in(&given.world, &given.ada.user);
    let named = LogoutRequest {
        id_token_hint: None,
        client_id: Some(given.portal.client_id.clone()),
        ..given.request()
    };
    let unnamed = LogoutRequest { redirect_uri: None, id_token_hint: None, ..given.request() };
    for (request, app_name) in
        [(given.request(), Some("portal")), (named.clone(), Some("portal")), (unnamed, None)]
    {
        let question = given.ask(request).unwrap().question.unwrap();
        assert_eq!(question.user_name.as_str(), "ada");
        assert_eq!(question.app_name.as_ref().map(DisplayName::as_str), app_name);
        assert!(given.is_signed_in());
    }
    let asked = given.ask(named.clone()).unwrap().question.unwrap().session_id;
    let about_another = given.ask_as(named.clone(), Some(given.ada.session.id)).unwrap();
    assert!(about_another.question.is_some() && given.is_signed_in());
    let agreed = given.ask_as(named, Some(asked)).unwrap();
    assert_eq!(agreed, LogoutStep { redirect_uri: Some(BACK.to_owned()), question: None });
    assert!(!given.is_signed_in());
}

#[test]
fn a_request_that_cannot_be_trusted_ends_nothing_and_is_noted() {
    let given = given();
    let other = given.world.told_app("other");
    let acme = given.world.instance("acme");
    let swapped = LogoutRequest { client_id: Some(other.client_id.clone()), ..given.request() };
    let forged = LogoutRequest { id_token_hint: Some(format!("{}x", given.id_token)), ..given.request() };
    let elsewhere =
        LogoutRequest { redirect_uri: Some("https://evil.example/".to_owned()), ..given.request() };
    for (request, expected) in [
        (swapped, LogoutDenial::OtherApp),
        (forged, LogoutDenial::HintInvalid),
        (elsewhere, LogoutDenial::RedirectUriMismatch),
    ] {
        assert_eq!(denial(given.ask(request)), EndSessionDenial::Request(expected));
        assert!(given.is_signed_in());
    }
    let foreign = EndSessionCommand {
        issuer: acme.slug,
        request: given.request(),
        session_handle: Some(given.handle.clone()),
        agreed: None,
        request_id: None,
    };
    let refused = denial(end_session(&given.world.authority, &foreign));
    assert_eq!(refused, EndSessionDenial::Request(LogoutDenial::HintInvalid), "attack 9");
    assert!(given.is_signed_in());
    given.world.authority.keep_books().unwrap();
    let noted = given.world.events("session.end");
    let codes: Vec<_> = noted.iter().rev().map(|event| event.refusal.as_deref().unwrap()).collect();
    assert_eq!(codes, ["hint_of_other_app", "hint_invalid", "redirect_uri_mismatch"]);
}

#[test]
fn whoever_signed_in_to_an_app_that_is_off_now_can_still_sign_out() {
    let given = given();
    given.world.switch(&given.portal, AppState::Disabled);
    let back = denial(given.ask(given.request()));
    assert_eq!(back, EndSessionDenial::Request(LogoutDenial::RedirectUriOfNobody));
    let stay = LogoutRequest { redirect_uri: None, ..given.request() };
    assert_eq!(given.ask(stay).unwrap(), LogoutStep { redirect_uri: None, question: None });
    assert!(!given.is_signed_in());
}

#[test]
fn a_request_on_its_way_is_of_its_issuer_and_for_an_hour() {
    let given = given();
    let acme = given.world.instance("acme");
    let logout = SealedLogout { request: given.request(), asked: Some(given.ada.session.id) };
    let sealed = seal_logout(&given.world.authority, &given.world.slug, logout.clone()).unwrap();
    let open = |slug| open_logout(&given.world.authority, slug, &sealed).unwrap();
    assert_eq!(open(&given.world.slug), Some(logout));
    assert_eq!(open(&acme.slug), None);
    given.world.advance(3_600);
    assert_eq!(open(&given.world.slug), None);
}
