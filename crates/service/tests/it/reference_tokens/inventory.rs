//! The inventory of reference tokens, and taking them back.

use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::reference_token::ReferenceTokenState;
use turnkeep_domain::user::UserKind;
use turnkeep_service::reference_tokens::list_own_tokens::list_own_tokens;
use turnkeep_service::reference_tokens::list_reference_tokens::list_reference_tokens;
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;

use crate::world::{World, denial};

#[test]
fn administrators_see_every_token_of_an_app_and_people_their_own() {
    let world = World::new();
    let (app, ann, bob) = (world.open_app(), world.ann(), world.user(UserKind::Internal, "bob"));
    let of_ann = world.pat(&ann, &app).unwrap();
    world.advance(1);
    let of_bob = world.pat(&bob, &app).unwrap();
    world.advance(1);
    let sat = world.sat(&app).unwrap();
    revoke_reference_token(&world.operator(), app.id, of_bob.token.id).unwrap();
    let list = |state| {
        let admin = world.tenant_caller(app.tenant_id, Role::Admin);
        let tokens = list_reference_tokens(&admin, app.id, state, &Page::first(200)).unwrap();
        tokens.into_iter().map(|token| token.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None), [of_ann.token.id, of_bob.token.id, sat.token.id]);
    assert_eq!(list(Some(ReferenceTokenState::Live)), [of_ann.token.id, sat.token.id]);
    assert_eq!(list(Some(ReferenceTokenState::Revoked)), [of_bob.token.id]);
    let own = list_own_tokens(&world.authority, &ann).unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].token.id, of_ann.token.id);
    let stranger = world.tenant_caller(world.tenant("Other").id, Role::Owner);
    let hidden = denial(list_reference_tokens(&stranger, app.id, None, &Page::first(200)));
    assert_eq!(hidden.code(), "not_found");
}

#[test]
fn administrators_take_any_token_of_their_apps_back_and_people_their_own_only() {
    let world = World::new();
    let (app, ann, bob) = (world.open_app(), world.ann(), world.user(UserKind::Internal, "bob"));
    let pat = world.pat(&ann, &app).unwrap();
    let id = pat.token.id;
    for (context, expected) in [
        (world.signed_in(&bob), "forbidden"),
        (world.tenant_caller(app.tenant_id, Role::Developer), "forbidden"),
        (world.tenant_caller(world.tenant("Other").id, Role::Owner), "not_found"),
    ] {
        assert_eq!(denial(revoke_reference_token(&context, app.id, id)).code(), expected);
    }
    assert!(world.counts(&pat).is_some());
    let admin = world.tenant_caller(app.tenant_id, Role::Admin);
    revoke_reference_token(&admin, app.id, id).unwrap();
    assert_eq!(world.counts(&pat), None);
    revoke_reference_token(&admin, app.id, id).unwrap();
    assert_eq!(world.events("reference_token.revoke").iter().filter(|e| e.refusal.is_none()).count(), 1);
}
