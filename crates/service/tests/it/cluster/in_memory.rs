//! Where only memory may be looked at, nothing else is: the database is never touched, and what is missing is named.

use std::sync::Arc;
use std::time::Duration;

use turnkeep_domain::slug::Slug;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::keys::publish_key_set::publish_key_set;
use turnkeep_service::snapshot::look_up::{LookUp, Missing};
use turnkeep_service::tokens::admission::AdmitAll;
use turnkeep_service::tokens::authenticate_bearer::authenticate_bearer;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_service::tokens::introspect_token::{
    IntrospectTokenCommand, Introspection, IntrospectionCaller, introspect_token,
};
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::publish_kill_marks::publish_kill_marks;

use super::nodes::{LEASE, Node, furnished};
use super::scripted_store::ScriptedStore;
use crate::world::token_verbs::{presented, token_denial};
use crate::world::{TestApp, World, cheap_settings, denial, fault};

/// A node whose database must not be touched when it says so.
fn node_of(world: &World) -> (Node, Arc<ScriptedStore>) {
    let store = ScriptedStore::around(&world.store);
    let node = Node::with(world, 101, &store.as_store(), cheap_settings());
    (node, store)
}

fn seal(store: &ScriptedStore) {
    store.before_each(|access| panic!("the database was touched: {access:?}"));
}

fn issue(node: &Node, request: &IssueTokenCommand) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    issue_token(&node.world.authority, request, LookUp::InMemory)
}

fn issue_for(node: &Node, app: &TestApp) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    issue(node, &node.world.request(app))
}

fn introspect(node: &Node, caller: IntrospectionCaller, token: &str) -> Introspection {
    let (issuer, token) = (node.world.slug.clone(), token.to_owned());
    let command =
        IntrospectTokenCommand { issuer, caller, token, request_id: None, admission: AdmitAll::shared() };
    introspect_token(&node.world.authority, &command, LookUp::InMemory).unwrap()
}

/// What is missing for something.
#[track_caller]
fn missing<T: std::fmt::Debug, D: std::fmt::Debug>(result: Result<T, Failure<D>>) -> Missing {
    match fault(result) {
        Fault::NotInMemory(missing) => missing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_asked_before_is_answered_without_the_database() {
    let world = furnished();
    let app = world.lone_app("one");
    let (node, store) = node_of(&world);
    let token = node.warmed_for(&app);
    let operator = node.world.operator_token();
    let unknown = TestApp { client_id: "nobody".to_owned(), ..app.clone() };
    node.world.refusal(&unknown);
    let nowhere = IssueTokenCommand { issuer: Slug::parse("nowhere").unwrap(), ..node.world.request(&app) };
    seal(&store);
    let fresh = issue_for(&node, &app).unwrap().access_token.expose().to_owned();
    for token in [&token, &fresh] {
        for caller in
            [IntrospectionCaller::Client(presented(&app)), IntrospectionCaller::Bearer(operator.clone())]
        {
            assert!(matches!(introspect(&node, caller, token), Introspection::Active(_)));
        }
    }
    let wrong = TestApp { secret: Some("wrong".to_owned()), ..app.clone() };
    for (who, expected) in
        [(&unknown, TokenDenial::AppUnknown), (&wrong, TokenDenial::ClientAuthenticationFailed)]
    {
        assert_eq!(token_denial(denial(issue_for(&node, who))), expected);
    }
    assert!(matches!(denial(issue(&node, &nowhere)), IssueTokenDenial::UnknownIssuer(_)));
    let (authority, slug) = (&node.world.authority, &node.world.slug);
    authenticate_bearer(authority, slug, &operator, LookUp::InMemory).unwrap();
    assert!(publish_key_set(authority, slug, LookUp::InMemory).is_ok());
    assert!(publish_kill_marks(authority, slug, LookUp::InMemory).is_ok());
    assert_eq!(authority.status().app_loads, 3, "the app, the operator's, and nobody");
}

#[test]
fn what_is_not_in_memory_is_named_and_can_be_brought_there() {
    let world = furnished();
    let app = world.lone_app("one");
    let imported = world.import_variant(&app, "imported", |_| {});
    let (node, store) = node_of(&world);
    for (who, steps) in [(&app, 3), (&imported, 2)] {
        let mut named = Vec::new();
        for _ in 0..steps {
            seal(&store);
            let missing = missing(issue_for(&node, who));
            store.heal();
            node.world.authority.load(&missing).unwrap();
            named.push(missing);
        }
        let slug = node.world.slug.clone();
        let of_app = Missing::App { issuer: slug.clone(), client_id: who.client_id.clone() };
        let expected = match who.client_id == imported.client_id {
            false => vec![Missing::Changes, Missing::Issuer(slug), of_app],
            true => vec![of_app, Missing::SlowHash],
        };
        assert_eq!(named, expected);
        // A hash is no use of memory: it runs where it may take a while, and need not run again.
        node.warmed_for(who);
        node.warmed_for(who);
        seal(&store);
        issue_for(&node, who).unwrap();
        store.heal();
    }
}

#[test]
fn when_the_lease_is_over_the_changes_are_what_is_missing() {
    let world = furnished();
    let app = world.lone_app("one");
    let (node, store) = node_of(&world);
    node.warmed_for(&app);
    world.clock.0.pause(LEASE - Duration::from_millis(1));
    seal(&store);
    assert!(issue_for(&node, &app).is_ok());
    world.clock.0.pause(Duration::from_millis(1));
    assert_eq!(missing(issue_for(&node, &app)), Missing::Changes);
    let (authority, slug) = (&node.world.authority, &node.world.slug);
    assert!(publish_key_set(authority, slug, LookUp::InMemory).is_err());
    assert!(publish_kill_marks(authority, slug, LookUp::InMemory).is_err());
    store.heal();
    node.follow();
    seal(&store);
    assert!(issue_for(&node, &app).is_ok());
}
