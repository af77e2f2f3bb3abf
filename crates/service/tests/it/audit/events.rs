//! What an event says; one per refusal with its code, none for a fault.

use std::sync::Arc;

use turnkeep_domain::app::AppState;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::{AuthoritySettings, HashingLimits};
use turnkeep_service::failure::Fault;
use turnkeep_service::registry::add_secret::regenerate_secret;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::manage_tenant::{TenantChanges, update_tenant};
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};
use turnkeep_service::tokens::introspect_token::IntrospectionCaller;
use turnkeep_storage::store::Store;

use crate::world::faulty_store::FaultyStore;
use crate::world::token_verbs::presented;
use crate::world::{World, cheap_settings, denial, fault};

#[test]
fn an_event_says_who_did_what_for_whom_in_which_request() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let request_id = Some(RequestId::from_bytes([7; 16]));
    let actor = Actor::App(app.id);
    let reach = Reach::Tenant { tenant_id: app.tenant_id, role: Role::Developer };
    let context = RegistryContext { caller: Caller::new(actor, reach), request_id, ..world.operator() };
    world.advance(60);
    switch_app(&context, app.id, AppState::Disabled, None).unwrap();
    let [event] = &world.events("app.disable")[..] else { panic!("one event") };
    assert_eq!(event.actor, app.id.to_string());
    assert_eq!(event.object, Some(app.id.to_string()));
    assert_eq!(event.tenant_id, Some(app.tenant_id));
    assert_eq!(event.request_id, request_id);
    assert_eq!(event.at, world.authority.now());
    let [change] = event.changes.as_slice() else { panic!("{event:?}") };
    assert_eq!(change.attribute, "enabled");
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("true"), Some("false")));
}

#[test]
fn a_refusal_leaves_its_code_whether_it_came_early_or_late() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let stranger = world.tenant("Other");
    let foreign = world.tenant_caller(stranger.id, Role::Developer);
    let reader = world.tenant_caller(app.tenant_id, Role::Auditor);
    let owner = world.tenant_caller(app.tenant_id, Role::Developer);
    let plan = world.plan("pro", PlanPrice::Paid);
    let mut command = world.command(&stranger, "App");
    command.plan_id = Some(plan.id);
    let events = world.trail().len();
    denial(update_app(&foreign, app.id, &AppChanges::default(), None));
    denial(regenerate_secret(&foreign, app.id, None));
    denial(delete_app(&reader, app.id, None));
    denial(update_tenant(&owner, app.tenant_id, &TenantChanges::default(), None));
    denial(create_app(&foreign, &command));
    world.authority.keep_books().unwrap();
    assert_eq!(world.trail().len(), events + 5);
    for (action, code, object, tenant) in [
        ("app.update", "not_found", Some(app.id.to_string()), stranger.id),
        ("app.regenerate_secret", "not_found", Some(app.id.to_string()), stranger.id),
        ("app.delete", "forbidden", Some(app.id.to_string()), app.tenant_id),
        ("tenant.update", "forbidden", Some(app.tenant_id.to_string()), app.tenant_id),
        ("app.create", "forbidden", None, stranger.id),
    ] {
        let refused: Vec<_> =
            world.events(action).into_iter().filter(|event| event.refusal.is_some()).collect();
        let [event] = refused.as_slice() else { panic!("{action}: {refused:?}") };
        assert_eq!(event.refusal.as_deref(), Some(code), "{action}");
        assert_eq!(event.object, object, "{action}");
        assert_eq!(event.tenant_id, Some(tenant), "{action}: in the trail of who tried");
        assert_eq!(event.changes, []);
    }
}

#[test]
fn a_fault_leaves_nothing() {
    let world = World::new();
    let (tenant, app) = (world.tenant("Other"), world.lone_app("Acme"));
    let token = world.token(&app);
    let faulty = FaultyStore::around(&world.store);
    let failing: Arc<dyn Store> = faulty.clone();
    let broken = world.restarted_on(failing, &[1], cheap_settings(), 2);
    let hashing = HashingLimits { at_once: 0, waiting: 0 };
    let busy = world.restarted(&[1], AuthoritySettings { hashing, ..cheap_settings() }, 3);
    faulty.set_failing(true);
    let state = || {
        let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
        (sequence, world.record(app.id), world.app_counts("eu-west"), world.trail())
    };
    let before = state();
    for failed in [
        fault(create_app(&broken.operator(), &world.command(&tenant, "App"))),
        fault(regenerate_secret(&broken.operator(), app.id, None)),
        fault(switch_app(&broken.operator(), app.id, AppState::Disabled, None)),
        fault(delete_app(&broken.operator(), app.id, None)),
        fault(broken.revoke(&app, &token)),
    ] {
        assert!(matches!(failed, Fault::Store(_)), "{failed:?}");
    }
    for failed in [
        fault(create_app(&busy.operator(), &world.command(&tenant, "App"))),
        fault(regenerate_secret(&busy.operator(), app.id, None)),
    ] {
        assert!(matches!(failed, Fault::Overloaded), "{failed:?}");
    }
    busy.authority.keep_books().unwrap();
    assert_eq!(state(), before);
    assert!(world.is_active(&token));
    world.token(&app);
}

#[test]
fn a_client_refused_at_introspection_or_revocation_is_in_the_trail() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let stranger = app.with_secret(&PlaintextSecret::new("wrong".to_owned()));
    let caller = IntrospectionCaller::Client(presented(&stranger));
    assert!(world.introspect(caller, &token).is_err());
    assert!(world.revoke(&stranger, &token).is_err());
    world.authority.keep_books().unwrap();
    for action in ["token.introspect", "token.revoke"] {
        let events = world.events(action);
        let refused = events.first().unwrap();
        assert_eq!(refused.refusal.as_deref(), Some("client_authentication_failed"), "{action}");
        assert_eq!(refused.object, Some(app.id.to_string()), "{action}");
        assert_eq!(refused.actor, "anonymous", "{action}");
    }
}
