//! Operators of an instance.

use turnkeep_domain::filter::{Search, UserFilter};
use turnkeep_domain::id::UserId;
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::exchange::import_records::import_document;
use turnkeep_service::people::manage_operators::{
    add_operator, is_operator, list_operators, remove_operator,
};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, Reach};

use crate::exchange::exchange_verbs::applying;
use crate::world::{World, denial};

#[test]
fn a_person_becomes_an_operator_and_is_none_any_more() {
    let world = World::bare();
    let (bob, ann) = (world.person("bob"), world.person("ann"));
    let token = world.issued(&bob, None);
    assert_eq!(world.recognise(&token).unwrap().reach, Reach::Nowhere);
    let added = add_operator(&world.operator(), bob.id).unwrap();
    world.advance(60);
    assert_eq!(add_operator(&world.operator(), bob.id).unwrap(), added);
    assert_eq!(world.recognise(&token).unwrap().reach, Reach::Platform);
    // An operator makes another one, who takes it away again.
    add_operator(&world.with_token(&token), ann.id).unwrap();
    let wanted = |filter: &UserFilter, page| -> Vec<String> {
        let operators = list_operators(&world.operator(), filter, &page).unwrap();
        operators.iter().map(|operator| operator.user.name.to_string()).collect()
    };
    let names = |page| wanted(&UserFilter::default(), page);
    assert_eq!(names(Page::first(9)), ["bob", "ann"]);
    let operates = |id| is_operator(&world.operator(), id).unwrap();
    assert!(operates(bob.id) && operates(ann.id) && !operates(UserId::from_bytes([9; 16])));
    assert!(!is_operator(&world.bare_instance("acme").operator(), bob.id).unwrap(), "not elsewhere");
    let search = Some(Search::parse("B").unwrap());
    assert_eq!(wanted(&UserFilter { search, ..UserFilter::default() }, Page::first(9)), ["bob"]);
    let disabled = UserFilter { state: Some(UserState::Disabled), ..UserFilter::default() };
    assert_eq!(wanted(&disabled, Page::first(9)), [""; 0]);
    assert_eq!(names(Page::by_name(1)), ["ann"]);
    remove_operator(&world.with_token(&token), ann.id).unwrap();
    remove_operator(&world.operator(), bob.id).unwrap();
    assert_eq!(world.recognise(&token).unwrap().reach, Reach::Nowhere);
    assert_eq!(names(Page::first(9)), [""; 0]);
    assert!(!operates(bob.id) && !operates(ann.id));
    assert_eq!(denial(remove_operator(&world.operator(), ann.id)), RegistryDenial::NotFound);
    let counts = ["operator.add", "operator.remove"].map(|action| world.events(action).len());
    assert_eq!(counts, [2, 3], "making somebody an operator again is no change; a refusal is an event");
}

#[test]
fn only_active_people_of_the_instance_become_operators() {
    let world = World::bare();
    let (service, gone) = (world.user(UserKind::System, "svc"), world.person("gone"));
    let partner = world.user(UserKind::Community, "partner");
    world.disable(&gone);
    let foreign = world.bare_instance("acme").person("ann");
    for (user_id, expected) in [
        (service.id, RegistryDenial::SystemUser),
        (partner.id, RegistryDenial::CommunityUser),
        (gone.id, RegistryDenial::UserDisabled),
        (foreign.id, RegistryDenial::NotFound),
        (UserId::from_bytes([9; 16]), RegistryDenial::NotFound),
    ] {
        assert_eq!(denial(add_operator(&world.operator(), user_id)), expected);
    }
    let codes: Vec<_> = world.events("operator.add").into_iter().filter_map(|event| event.refusal).collect();
    assert_eq!(codes.len(), 5, "{codes:?}");
}

#[test]
fn an_import_makes_no_other_people_operators_either() {
    let world = World::bare();
    for (kind, state, code) in [
        ("community", "active", "community_user"),
        ("community", "disabled", "community_user"),
        ("system", "disabled", "system_user"),
    ] {
        let user = format!(r#"{{"name": "x", "display_name": "X", "kind": "{kind}", "state": "{state}"}}"#);
        let document = format!(r#"{{"turnkeep": 1, "users": [{user}], "operators": ["x"]}}"#);
        let report = import_document(&world.operator(), &document, &applying()).unwrap();
        let codes: Vec<_> =
            report.records.iter().flat_map(|record| &record.errors).map(|error| error.code).collect();
        assert_eq!((report.applied, codes.as_slice()), (false, &[code][..]), "{kind} {state}");
    }
}

#[test]
fn an_operator_of_an_instance_reaches_only_that() {
    let world = World::bare();
    let (one, two) = (world.bare_instance("one"), world.bare_instance("two"));
    let ann = one.person("ann");
    add_operator(&one.operator(), ann.id).unwrap();
    let token = one.issued(&ann, None);
    assert_eq!(one.recognise(&token).unwrap().reach, Reach::Instance);
    for elsewhere in [&world, &two] {
        assert_eq!(denial(elsewhere.recognise(&token)), BearerDenial::InvalidToken);
    }
    let everywhere = world.person("eve");
    add_operator(&world.operator(), everywhere.id).unwrap();
    let token = world.issued(&everywhere, None);
    assert_eq!(two.recognise(&token).unwrap().reach, Reach::Platform);
}
