//! Attacks 59 and 62 when the address of an app is saved.

use turnkeep_domain::app::AppSettings;
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_service::registry::create_app::{CreateAppCommand, create_app};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::update_app::{AppChanges, update_app};

use super::scripted_apps::{address, telling_world};
use crate::world::denial;
use crate::world::registry_verbs::settings;

#[test]
fn attack_59_an_address_that_may_not_be_told_is_not_saved() {
    let (world, apps) = telling_world();
    let inner = BackchannelLogoutUri::parse("https://10.0.0.1/logout").unwrap();
    apps.refuse(inner.as_str());
    let portal = world.told_app("portal");
    let changes = AppChanges { backchannel_logout_uri: Some(Some(inner.clone())), ..AppChanges::default() };
    let refused = denial(update_app(&world.operator(), portal.id, &changes, None));
    assert_eq!(refused, RegistryDenial::LogoutUriRefused);
    assert_eq!(refused.code(), "endpoint_refused");
    let tenant = world.tenant("inner");
    let with_inner = AppSettings { backchannel_logout_uri: Some(inner), ..settings("inner") };
    let command = CreateAppCommand { settings: with_inner, ..world.command(&tenant, "inner") };
    assert_eq!(denial(create_app(&world.operator(), &command)), RegistryDenial::LogoutUriRefused);

    // What was saved under another allow list stops no other change.
    apps.refuse(&address("portal"));
    let renamed = AppChanges { name: Some(settings("Renamed").name), ..AppChanges::default() };
    let changed = update_app(&world.operator(), portal.id, &renamed, None).unwrap();
    assert_eq!(changed.app.settings.backchannel_logout_uri.unwrap().as_str(), address("portal"));
}
