//! The last person who operates an instance stays, unless whoever takes them goes on operating it.

use std::sync::Barrier;
use std::thread;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{User, UserState};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::exchange::import_records::import_document;
use turnkeep_service::people::manage_operators::{add_operator, list_operators, remove_operator};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::recover_operator::find_operator_app;
use turnkeep_service::sign_in::account_links::{create_first_operator_link, look_at_link};
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};

use super::people_verbs::told;
use crate::exchange::exchange_verbs::applying;
use crate::world::{World, denial};

const LAST: Option<RegistryDenial> = Some(RegistryDenial::LastOperator);

/// Something that is done about somebody.
type Take = fn(&RegistryContext<'_>, &User) -> RegistryResult<()>;

/// The two ways in which somebody operates nothing any more.
const WAYS: [(&str, Take); 2] = [
    ("remove", |context, user| remove_operator(context, user.id)),
    ("disable", |context, user| switch_user(context, user.id, UserState::Disabled, None).map(drop)),
];

fn made_operator(world: &World, name: &str) -> User {
    let user = world.person(name);
    add_operator(&world.operator(), user.id).unwrap();
    user
}

/// The operator's app, as it calls the management API.
fn as_app(world: &World) -> RegistryContext<'_> {
    let app = find_operator_app(&world.operator()).unwrap();
    RegistryContext { caller: Caller::new(Actor::App(app.id), Reach::Platform), ..world.operator() }
}

#[test]
fn nobody_who_operates_by_their_office_leaves_the_instance_without_one() {
    for (way, take) in WAYS {
        let world = World::bare();
        let ann = made_operator(&world, "ann");
        let token = world.issued(&ann, None);
        assert_eq!(told(take(&world.with_token(&token), &ann)), LAST, "{way}");
        // Who is disabled is no help to anybody.
        let bob = made_operator(&world, "bob");
        world.disable(&bob);
        assert_eq!(told(take(&world.with_token(&token), &ann)), LAST, "{way}");
        // Who operates nothing may go.
        let eve = world.person("eve");
        let expected = (way == "remove").then_some(RegistryDenial::NotFound);
        assert_eq!(told(take(&world.with_token(&token), &eve)), expected, "{way}");
        assert_eq!(told(remove_operator(&world.with_token(&token), bob.id)), None, "{way}");
        assert_eq!(told(take(&world.with_token(&token), &ann)), LAST, "{way}");
        let refused = world.events(if way == "remove" { "operator.remove" } else { "user.disable" });
        let refused = refused.into_iter().filter_map(|event| event.refusal);
        assert_eq!(refused.filter(|code| code == "last_operator").count(), 3, "{way}");

        made_operator(&world, "zoe");
        assert_eq!(told(take(&world.with_token(&token), &ann)), None, "{way}");
        assert!(!world.recognise(&token).is_ok_and(|caller| caller.reach == Reach::Platform), "{way}");
    }
}

#[test]
fn who_goes_on_operating_without_them_may_take_the_last_one() {
    type Takes = for<'a> fn(&'a World) -> RegistryContext<'a>;
    let table: [(&str, Takes); 2] = [
        ("the operator's app", as_app),
        ("the command line", |world| RegistryContext { caller: Caller::COMMAND_LINE, ..world.operator() }),
    ];
    for (who, caller) in table {
        for (way, take) in WAYS {
            let world = World::bare();
            let ann = made_operator(&world, "ann");
            assert_eq!(told(take(&caller(&world), &ann)), None, "{who} {way}");
        }
    }
}

#[test]
fn an_operator_of_the_default_instance_may_take_the_last_one_of_another() {
    for (way, take) in WAYS {
        let world = World::bare();
        let token = world.issued(&made_operator(&world, "ann"), None);
        let other = world.bare_instance("other");
        let last = made_operator(&other, "last");
        let own = other.issued(&last, None);
        assert_eq!(told(take(&other.with_token(&own), &last)), LAST, "{way}");
        let from_default = RegistryContext { caller: world.recognise(&token).unwrap(), ..other.operator() };
        assert_eq!(told(take(&from_default, &last)), None, "{way}");
    }
}

#[test]
fn an_import_of_the_last_one_does_not_disable_them_either() {
    let world = World::bare();
    let ann = made_operator(&world, "ann");
    let token = world.issued(&ann, None);
    let document = r#"{"turnkeep": 1, "users": [
        {"name": "ann", "display_name": "ann", "kind": "internal", "state": "disabled"}
    ]}"#;
    let report = import_document(&world.with_token(&token), document, &applying()).unwrap();
    let codes: Vec<_> =
        report.records.iter().flat_map(|record| &record.errors).map(|error| error.code).collect();
    assert_eq!((report.applied, codes.as_slice()), (false, &["last_operator"][..]));
}

#[test]
fn two_who_remove_each_other_at_once_leave_one() {
    let world = World::bare();
    let pair = ["ann", "bob"].map(|name| made_operator(&world, name));
    let tokens: Vec<PlaintextSecret> = pair.iter().map(|user| world.issued(user, None)).collect();
    // Both were let in before either was removed.
    let callers: Vec<_> = tokens.iter().map(|token| world.recognise(token).unwrap()).collect();
    let together = Barrier::new(2);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let workers = [(0, 1), (1, 0)].map(|(own, other): (usize, usize)| {
            let (world, together, caller, victim) = (&world, &together, callers[own], pair[other].id);
            scope.spawn(move || {
                together.wait();
                told(remove_operator(&RegistryContext { caller, ..world.operator() }, victim))
            })
        });
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|told| told.is_none()).count(), 1, "{outcomes:?}");
    assert!(outcomes.contains(&LAST), "{outcomes:?}");
    let left = list_operators(&world.operator(), &UserFilter::default(), &Page::first(9)).unwrap();
    assert_eq!(left.len(), 1);
}

#[test]
fn the_command_line_makes_a_link_wherever_nobody_can_act_who_operates() {
    let world = World::bare();
    let link = || create_first_operator_link(&world.operator()).unwrap();
    let early = link().unwrap();
    let works = |url: &PlaintextSecret| {
        let token = url.expose().split_once("token=").unwrap().1;
        look_at_link(&world.authority, &world.slug, token).unwrap().is_some()
    };
    assert!(works(&early.url));
    let ann = made_operator(&world, "ann");
    assert!(link().is_none() && !works(&early.url));
    world.disable(&ann);
    assert!(works(&link().unwrap().url));
    switch_user(&world.operator(), ann.id, UserState::Active, None).unwrap();
    assert!(link().is_none());
    remove_operator(&world.operator(), ann.id).unwrap();
    assert!(works(&link().unwrap().url));
    // The last of all is there in spite of what is in the trail.
    assert_eq!(denial(remove_operator(&world.operator(), ann.id)), RegistryDenial::NotFound);
}
