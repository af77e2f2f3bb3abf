//! For which apps somebody may make personal tokens.

use turnkeep_domain::app::{AppOrigin, AppState};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::AppId;
use turnkeep_domain::membership::Role;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_policy::decide_reference_token_use::ReferenceTokenRefusal;
use turnkeep_service::people::manage_operators::add_operator;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::reference_tokens::list_own_tokens::list_own_tokens;
use turnkeep_service::reference_tokens::list_token_apps::{
    LIST_LENGTH, MOST_LISTS, MOST_OFFERED, list_token_apps,
};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_storage::outcome::Inserted;
use turnkeep_testkit::fixtures::{name, scopes};

use crate::world::{TestApp, World};

/// The names of the apps that are offered, and what of each.
fn offered(world: &World, user: &User) -> Vec<String> {
    let apps = list_token_apps(&world.authority, &world.slug, user).unwrap();
    let named = apps.iter().map(|app| {
        let scopes: Vec<_> = app.scopes.iter().map(ToString::to_string).collect();
        format!("{} of {}: {}", app.app_name, app.tenant_name, scopes.join(" "))
    });
    named.collect()
}

/// Stores copies of an app that differ in name; in one transaction, past the rules of creation.
fn copies(world: &World, like: &TestApp, names: impl Iterator<Item = String>, sign_in: SignIn) {
    let template = world.record(like.id).unwrap();
    world
        .store
        .mutate(|writes| {
            for (number, text) in names.enumerate() {
                let mut app = template.clone();
                let mut random = [7; 10];
                random[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
                app.id = AppId::new(world.authority.now(), random);
                app.client_id = ClientId::parse(&format!("com.example/{text}")).unwrap();
                (app.settings.name, app.settings.sign_in) = (name(&text), sign_in);
                assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn attack_43_what_is_offered_is_what_could_be_made() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let all = ["Acme of Acme: read update"];
    assert_eq!(offered(&world, &ann), all);
    let nothing: [&str; 0] = [];
    world.set_policy(&app, ReferenceTokenPolicy::None);
    assert_eq!(offered(&world, &ann), nothing);
    world.set_policy(&app, ReferenceTokenPolicy::AdministratorsOnly);
    assert_eq!(offered(&world, &ann), nothing);
    world.set_policy(&app, ReferenceTokenPolicy::AuthenticatedUsers);
    let guest = world.user(UserKind::Community, "guest");
    assert_eq!(offered(&world, &guest), nothing, "the app admits internal people");
    world.update(&app, &AppChanges { sign_in: Some(SignIn::InternalAndCommunity), ..AppChanges::default() });
    assert_eq!(offered(&world, &guest), all);
    world.switch(&app, AppState::Disabled);
    assert_eq!(offered(&world, &ann), nothing);
    world.switch(&app, AppState::Enabled);
    world.step_tenant(app.tenant_id, TenantStep::Suspend);
    assert_eq!(offered(&world, &ann), nothing);
    world.step_tenant(app.tenant_id, TenantStep::Activate);
    assert_eq!(offered(&world, &ann), all);
    let disabled = User { state: UserState::Disabled, ..ann.clone() };
    assert_eq!(offered(&world, &disabled), nothing);
}

#[test]
fn administrators_are_offered_the_apps_of_their_tenants_and_operators_all() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    world.set_policy(&app, ReferenceTokenPolicy::AdministratorsOnly);
    let other = world.app_with_scopes(&world.tenant("Other"), "Books", "read");
    world.set_policy(&other, ReferenceTokenPolicy::AdministratorsOnly);
    world.update(&other, &AppChanges { sign_in: Some(SignIn::Internal), ..AppChanges::default() });
    for (role, is_offered) in
        [(Role::Developer, false), (Role::Auditor, false), (Role::Admin, true), (Role::Owner, true)]
    {
        set_member(&world.operator(), app.tenant_id, ann.id, role, None).unwrap();
        assert_eq!(
            offered(&world, &ann),
            ["Acme of Acme: read update"][..usize::from(is_offered)],
            "{role:?}"
        );
    }
    add_operator(&world.operator(), ann.id).unwrap();
    assert_eq!(offered(&world, &ann), ["Acme of Acme: read update", "Books of Other: read"]);
}

#[test]
fn reserved_scopes_are_not_offered_nor_apps_with_nothing_else() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    // As an import may leave it: registered for what it may not be granted.
    world.import_variant(&app, "com.example/imported", |copy| {
        copy.origin = AppOrigin::External;
        copy.settings.scopes = scopes("turnkeep.operate");
        copy.settings.sign_in = SignIn::Internal;
        copy.settings.reference_tokens = ReferenceTokenPolicy::AuthenticatedUsers;
    });
    assert_eq!(offered(&world, &ann), ["Acme of Acme: read update"]);
}

#[test]
fn a_hundred_apps_are_offered_in_the_order_of_their_names() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let names = (0..MOST_OFFERED).rev().map(|number| format!("b{number:03}"));
    copies(&world, &app, names, SignIn::Internal);
    let offered = offered(&world, &ann);
    assert_eq!(offered.len(), MOST_OFFERED);
    assert!(offered[0].starts_with("Acme of") && offered[99].starts_with("b098 of"), "{offered:?}");
}

#[test]
fn apps_that_do_not_admit_somebody_are_passed_over_up_to_a_limit() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let looked_at = MOST_LISTS * usize::try_from(LIST_LENGTH).unwrap();
    // With `Acme`, which comes first, as many as are looked at but one.
    copies(&world, &app, (2..looked_at).map(|number| format!("b{number:04}")), SignIn::Community);
    world.advance(1);
    copies(&world, &app, ["c".to_owned(), "d".to_owned()].into_iter(), SignIn::Internal);
    assert_eq!(offered(&world, &ann), ["Acme of Acme: read update", "c of Acme: read update"]);
}

#[test]
fn people_see_their_tokens_that_still_count_the_newest_first() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let names = || {
        let own = list_own_tokens(&world.authority, &ann).unwrap();
        own.into_iter().map(|own| (own.app_name.to_string(), own.token.id)).collect::<Vec<_>>()
    };
    let first = world.pat(&ann, &app).unwrap().token;
    world.advance(60);
    let second = world.pat(&ann, &app).unwrap().token;
    world.sat(&app).unwrap();
    let of_acme = |id| ("Acme".to_owned(), id);
    assert_eq!(names(), [of_acme(second.id), of_acme(first.id)]);
    world.set_policy(&app, ReferenceTokenPolicy::None);
    assert_eq!(names().len(), 2, "they can be taken back still");
    revoke_reference_token(&world.signed_in(&ann), app.id, second.id).unwrap();
    assert_eq!(names(), [of_acme(first.id)]);
    world.advance(90 * 86_400);
    assert!(names().is_empty(), "it has expired");
}

#[test]
fn people_see_which_of_their_tokens_would_be_refused_and_why() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let pat = world.pat(&ann, &app).unwrap();
    let refusal =
        || list_own_tokens(&world.authority, &ann).unwrap()[0].refusal.map(ReferenceTokenRefusal::code);
    assert_eq!((refusal(), world.counts(&pat).is_some()), (None, true));
    for (policy, expected) in [
        (ReferenceTokenPolicy::None, Some("reference_tokens_off")),
        (ReferenceTokenPolicy::AdministratorsOnly, Some("administrators_only")),
        (ReferenceTokenPolicy::AuthenticatedUsers, None),
    ] {
        world.set_policy(&app, policy);
        assert_eq!((refusal(), world.counts(&pat).is_some()), (expected, expected.is_none()), "{policy:?}");
    }
}
