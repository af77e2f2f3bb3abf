//! Whether a reference token counts: looked at anew at every use.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use turnkeep_domain::app::AppState;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::people::remove_member::remove_member;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::reference_tokens::check_reference_token::check_reference_token;
use turnkeep_service::reference_tokens::list_own_tokens::list_own_tokens;
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};
use turnkeep_testkit::fixtures::scopes;

use crate::world::{World, cheap_settings};

#[test]
fn a_personal_token_acts_as_the_person_and_a_service_token_as_the_app_or_its_user() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (pat, sat) = (world.pat(&ann, &app).unwrap(), world.sat(&app).unwrap());
    assert_eq!(world.counts(&pat), Some(ann.id.to_string()));
    assert_eq!(world.counts(&sat), Some(app.client_id.clone()));
    let robot = world.user(UserKind::System, "robot");
    let service_access = Some(ServiceAccess::AsUser(robot.id));
    world.update(&app, &AppChanges { service_access, ..AppChanges::default() });
    assert_eq!(world.counts(&sat), None, "the app acts as somebody else by now");
    assert_eq!(world.counts(&world.sat(&app).unwrap()), Some(robot.id.to_string()));
}

#[test]
fn attack_43_a_policy_that_was_tightened_reaches_tokens_made_before() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (pat, sat) = (world.pat(&ann, &app).unwrap(), world.sat(&app).unwrap());
    world.set_policy(&app, ReferenceTokenPolicy::AdministratorsOnly);
    assert_eq!((world.counts(&pat), world.counts(&sat).is_some()), (None, true));
    set_member(&world.operator(), app.tenant_id, ann.id, Role::Admin, None).unwrap();
    assert!(world.counts(&pat).is_some(), "she is an administrator now");
    remove_member(&world.operator(), app.tenant_id, ann.id, None).unwrap();
    assert_eq!(world.counts(&pat), None, "and no longer");
    world.set_policy(&app, ReferenceTokenPolicy::None);
    assert_eq!((world.counts(&pat), world.counts(&sat)), (None, None));
    let codes = world.refusals("reference_token.use");
    assert_eq!(codes.iter().filter(|code| *code == "administrators_only").count(), 2, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "reference_tokens_off").count(), 2, "{codes:?}");
}

#[test]
fn the_kill_switch_reaches_reference_tokens() {
    type Step = (&'static str, fn(&World, &crate::world::TestApp, &turnkeep_domain::user::User));
    let steps: [Step; 6] = [
        ("app_disabled", |world, app, _| world.switch(app, AppState::Disabled)),
        ("tenant_suspended", |world, app, _| drop(world.step_tenant(app.tenant_id, TenantStep::Suspend))),
        ("plan_retired", |world, app, _| {
            let plan = world.plan("free", PlanPrice::Free);
            world.change_plan(app, PlanAction::Assign(plan.id));
            world.retire_plan(plan.id);
        }),
        ("scope_not_allowed", |world, app, _| {
            world.update(app, &AppChanges { scopes: Some(scopes("update")), ..AppChanges::default() });
        }),
        ("user_not_admitted", |world, app, _| {
            world.update(app, &AppChanges { sign_in: Some(SignIn::Community), ..AppChanges::default() });
        }),
        ("user_not_admitted", |world, _, ann| {
            switch_user(&world.operator(), ann.id, UserState::Disabled, None).unwrap();
        }),
    ];
    for (expected, step) in steps {
        let world = World::new();
        let (app, ann) = (world.open_app(), world.ann());
        let pat = world.pat(&ann, &app).unwrap();
        assert!(world.counts(&pat).is_some());
        step(&world, &app, &ann);
        assert_eq!(world.counts(&pat), None, "{expected}");
        assert_eq!(world.refusals("reference_token.use"), [expected]);
    }
}

#[test]
fn it_ends_by_its_time_and_by_revocation() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (first, second) = (world.pat(&ann, &app).unwrap(), world.pat(&ann, &app).unwrap());
    revoke_reference_token(&world.signed_in(&ann), app.id, first.token.id).unwrap();
    assert_eq!((world.counts(&first), world.counts(&second).is_some()), (None, true));
    world.advance(90 * 86_400 - 1);
    assert!(world.counts(&second).is_some());
    world.advance(1);
    assert_eq!(world.counts(&second), None);
}

#[test]
fn another_instance_knows_nothing_of_it() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let pat = world.pat(&ann, &app).unwrap();
    let other = world.instance("other");
    assert_eq!(other.counts(&pat), None);
    assert!(world.counts(&pat).is_some());
}

/// A database that counts reads.
struct CountingStore {
    inner: Arc<dyn Store>,
    reads: AtomicUsize,
}

impl Store for CountingStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.read_erased(work)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        self.inner.mutate_erased(work)
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        self.inner.admit_erased(work)
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.inner.keep_books_erased(work)
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        self.inner.change_hints()
    }
}

#[test]
fn a_typing_error_reads_no_database() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let text = world.pat(&ann, &app).unwrap().plaintext.expose().to_owned();
    let counting = Arc::new(CountingStore { inner: Arc::clone(&world.store), reads: AtomicUsize::new(0) });
    let node = world.restarted_on(Arc::<CountingStore>::clone(&counting), &[1], cheap_settings(), 9);
    let last = if text.ends_with('0') { "1" } else { "0" };
    let body: String = text.chars().take(text.len() - 1).collect();
    let mistyped = [
        format!("{body}{last}"),
        body,
        format!("{text}0"),
        "tkpat_".to_owned(),
        text.replace("tkpat", "tksat"),
    ];
    let before = counting.reads.load(Ordering::SeqCst);
    for wrong in mistyped {
        assert!(
            check_reference_token(&node.authority, &node.slug, &wrong, None).unwrap().is_none(),
            "{wrong}"
        );
    }
    assert_eq!(counting.reads.load(Ordering::SeqCst), before);
    assert!(check_reference_token(&node.authority, &node.slug, &text, None).unwrap().is_some());
    assert!(before < counting.reads.load(Ordering::SeqCst));
}

#[test]
fn the_last_use_is_kept_to_a_minute() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let pat = world.pat(&ann, &app).unwrap();
    let last_use = || {
        world.authority.keep_books().unwrap();
        let own = list_own_tokens(&world.authority, &ann).unwrap();
        own[0].token.last_used_at
    };
    assert_eq!(last_use(), None);
    let first = world.authority.now();
    assert!(world.counts(&pat).is_some());
    assert_eq!(last_use(), Some(first));
    world.advance(59);
    assert!(world.counts(&pat).is_some());
    assert_eq!(last_use(), Some(first), "a minute is not over");
    world.advance(1);
    let second = world.authority.now();
    assert!(world.counts(&pat).is_some());
    assert_eq!(last_use(), Some(second));
}
