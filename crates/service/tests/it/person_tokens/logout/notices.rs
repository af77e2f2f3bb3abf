//! Who is told when sessions end, and what ends with them.

use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::user::UserState;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::end_sessions::{end_session, end_sessions_of_user, sign_out};
use turnkeep_service::sign_in::session::find_signed_in;

use super::super::people::{Person, grant_denial, refresh_token};
use super::scripted_apps::{address, telling_world};
use crate::world::World;

const OFFLINE: &str = "openid offline_access";

#[test]
fn signing_out_ends_what_lives_with_the_session_and_tells_every_app_of_it_once() {
    let (world, apps) = telling_world();
    let [portal, mobile, other] = ["portal", "mobile", "other"].map(|name| world.told_app(name));
    let untold = world.sign_in_app("untold", ClientType::Public);
    let (ada, handle) = world.browsing("ada");
    let online = world.granted_to(&portal, &ada);
    world.granted_to(&portal, &ada);
    let offline = world.redeem(&mobile, &world.code_for(&mobile, &ada, OFFLINE)).unwrap();
    let quiet = world.granted_to(&untold, &ada);
    let elsewhere = Person { session: world.session_of(&ada.user), user: ada.user.clone() };
    let alive = world.granted_to(&other, &elsewhere);

    sign_out(&world.authority, &world.slug, &handle, None).unwrap().unwrap();

    for (app, issued) in [(&portal, &online), (&untold, &quiet)] {
        assert!(!world.is_active(issued.access_token.expose()));
        let refused = grant_denial(world.refresh(app, &refresh_token(issued)));
        assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));
    }
    assert!(world.refresh(&mobile, &refresh_token(&offline)).is_ok(), "offline_access goes on");
    assert!(world.refresh(&other, &refresh_token(&alive)).is_ok(), "so does another session");
    assert_eq!(world.deliver().delivered, 2);
    let told: Vec<String> = apps.told().into_iter().map(|(uri, _)| uri).collect();
    assert_eq!(told, [address("mobile"), address("portal")]);
    assert!(sign_out(&world.authority, &world.slug, &handle, None).unwrap().is_none());
    assert_eq!(world.deliver().delivered, 0, "it ended before");
}

#[test]
fn apps_are_told_in_whatever_way_a_session_ends() {
    type End = fn(&World, &Person, &str);
    let ends: [(&str, End); 3] = [
        ("by the person elsewhere", |world, ada, handle| {
            let signed_in = find_signed_in(&world.authority, &world.slug, handle).unwrap().unwrap();
            end_session(&world.authority, &signed_in, ada.session.id, None).unwrap();
        }),
        ("by an operator", |world, ada, _| {
            end_sessions_of_user(&world.operator(), ada.user.id).unwrap();
        }),
        ("by switching the user off", |world, ada, _| {
            switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
        }),
    ];
    for (name, end) in ends {
        let (world, apps) = telling_world();
        let portal = world.told_app("portal");
        let (ada, handle) = world.browsing("ada");
        let issued = world.granted_to(&portal, &ada);
        end(&world, &ada, &handle);
        assert!(!world.is_active(issued.access_token.expose()), "{name}");
        assert!(find_signed_in(&world.authority, &world.slug, &handle).unwrap().is_none(), "{name}");
        world.deliver();
        assert_eq!(apps.told().len(), 1, "{name}");
    }
}

#[test]
fn whoever_is_signed_out_everywhere_was_told_of_earlier_sessions_before() {
    let (world, apps) = telling_world();
    let mobile = world.told_app("mobile");
    let (ada, handle) = world.browsing("ada");
    world.redeem(&mobile, &world.code_for(&mobile, &ada, OFFLINE)).unwrap();
    sign_out(&world.authority, &world.slug, &handle, None).unwrap();
    world.deliver();
    apps.told();
    let ended = end_sessions_of_user(&world.operator(), ada.user.id).unwrap();
    assert_eq!((ended.sessions, ended.grants), (0, 1));
    world.deliver();
    assert_eq!(apps.told(), []);
}
