//! A Keycloak realm with one client of every kind.

use turnkeep_exchange::format::ImportFormat;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ServicePrincipal};

use crate::{app, clear_secret, client_ids, may_sign_in, places, principal};

const REALM: &str = include_str!("samples/keycloak_realm.json");

#[test]
fn openid_connect_clients_become_apps() {
    let set = ImportFormat::Keycloak.read(REALM).unwrap();
    assert_eq!(client_ids(&set), ["forgotten", "mobile", "nightly-sync", "portal"]);

    let portal = app(&set, "portal");
    assert_eq!(
        (portal.name.as_deref(), portal.client_type),
        (Some("Customer portal"), ClientTypeName::Confidential)
    );
    assert_eq!(
        portal.login_redirect_uris.as_deref().unwrap(),
        ["https://portal.acme.example/signin/callback", "https://staging.acme.example/signin/callback"]
    );
    assert_eq!(
        portal.logout_redirect_uris.as_deref().unwrap(),
        ["https://portal.acme.example/bye", "https://staging.acme.example/bye"]
    );
    assert!(may_sign_in(portal) == Some(true) && portal.sign_in.unwrap().community.is_none());
    assert_eq!(principal(portal), Some(ServicePrincipal::None));
    assert_eq!(portal.scopes.as_deref(), Some("invoices.read invoices.write"));
    assert_eq!(portal.token_lifetime_seconds, Some(600));
    assert_eq!(clear_secret(portal), Some("Gk3qYd0Zt8uWm1xPz5vRn7cLb2sHf9aE"));
    assert_eq!(portal.secrets.as_ref().unwrap()[0].hint.as_deref(), Some("f9aE"));

    let sync = app(&set, "nightly-sync");
    assert_eq!(sync.name, None);
    assert_eq!(principal(sync), Some(ServicePrincipal::App));
    assert!(may_sign_in(sync) == Some(false));
    assert_eq!(sync.token_lifetime_seconds, None);

    let mobile = app(&set, "mobile");
    assert!(mobile.enabled == Some(false) && mobile.secrets.is_none());
    assert_eq!(mobile.client_type, ClientTypeName::Public);
    assert_eq!(mobile.logout_redirect_uris, mobile.login_redirect_uris);
}

#[test]
fn what_cannot_be_taken_over_is_a_problem_of_its_client() {
    let set = ImportFormat::Keycloak.read(REALM).unwrap();
    assert_eq!(
        places(&set),
        [
            ("client «dashboard»", "secret"),
            ("client «spa-dev»", "redirectUris[0]"),
            ("client «signed»", "clientAuthenticatorType"),
        ]
    );
    assert!(set.problems[0].message.contains("masked"));
    assert!(set.problems[1].message.contains("wildcard"));
}

#[test]
fn a_client_whose_secret_is_not_said_is_left_to_the_registry() {
    let set = ImportFormat::Keycloak.read(REALM).unwrap();
    let forgotten = app(&set, "forgotten");
    assert_eq!(forgotten.client_type, ClientTypeName::Confidential);
    assert!(forgotten.secrets.is_none());
}

#[test]
fn what_is_left_out_on_purpose_is_noted() {
    let set = ImportFormat::Keycloak.read(REALM).unwrap();
    for start in [
        "client «account»: left out",
        "client «account-console»: left out",
        "client «admin-cli»: left out",
        "client «broker»: left out",
        "client «realm-management»: left out",
        "client «security-admin-console»: left out",
        "client «invoices-api»: left out, as it only accepts tokens",
        "client «https://saml.acme.example/metadata»: left out, as it does not speak OpenID Connect",
        "client «portal»: Keycloak's own client scopes were left out: web-origins, acr,",
        "client «nightly-sync»: the lifetime of its access tokens",
        "client «mobile»: implicit flow and password grant",
    ] {
        assert!(set.notes.iter().any(|note| note.starts_with(start)), "{start}: {:?}", set.notes);
    }
}
