//! Resources, their scopes and the apps that serve them.

use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_resource::{
    ResourceChanges, add_resource_server, delete_scope, find_resource, list_resource_servers, list_resources,
    list_scopes, remove_resource_server, update_resource,
};
use turnkeep_service::tokens::authenticate_bearer::{MANAGEMENT_AUDIENCE, OPERATE_SCOPE};
use turnkeep_testkit::fixtures::name;

use crate::world::registry_verbs::API;
use crate::world::{World, denial};

fn scope(text: &str) -> ScopeName {
    ScopeName::parse(text).unwrap()
}

#[test]
fn audiences_and_scopes_are_unique_in_the_instance() {
    let world = World::new();
    let command = CreateResourceCommand {
        audience: Audience::parse(API).unwrap(),
        name: name("Other"),
        limits_claims: LimitsClaims::Both,
        signing_algorithm: SigningAlgorithm::Es256,
    };
    let refused = denial(create_resource(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Audience));
    let other = world.resource("other", LimitsClaims::Both, SigningAlgorithm::Es256);
    let command = |name: &str, resource_id| CreateScopeCommand {
        resource_id,
        name: scope(name),
        description: String::new(),
        grant: ScopeGrant::AnyApp,
    };
    let refused = denial(create_scope(&world.operator(), &command("read", other.id)));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Scope));
    for protocol in ["openid", "profile", "email", "offline_access"] {
        let refused = denial(create_scope(&world.operator(), &command(protocol, other.id)));
        assert_eq!(refused, RegistryDenial::ScopeOfProtocol, "{protocol}");
    }
    let unknown = ResourceId::from_bytes([9; 16]);
    assert_eq!(denial(create_scope(&world.operator(), &command("x", unknown))), RegistryDenial::NotFound);
    world.instance("acme");
}

#[test]
fn a_deleted_scope_is_granted_to_nobody() {
    let world = World::new();
    let api = world.api();
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", "read update");
    assert_eq!(world.issue(&app).unwrap().scopes.to_string(), "read update");
    delete_scope(&world.operator(), api.id, &scope("update")).unwrap();
    assert_eq!(world.issue(&app).unwrap().scopes.to_string(), "read");
    delete_scope(&world.operator(), api.id, &scope("read")).unwrap();
    assert_eq!(world.refusal(&app), TokenDenial::NoScope);
    let again = denial(delete_scope(&world.operator(), api.id, &scope("read")));
    assert_eq!(again, RegistryDenial::NotFound);
    let left = list_scopes(&world.operator(), api.id).unwrap();
    assert_eq!(left.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>(), [API]);
}

#[test]
fn a_scope_is_deleted_under_its_own_resource_only() {
    let world = World::new();
    let other = world.resource("other", LimitsClaims::Both, SigningAlgorithm::Es256);
    let refused = denial(delete_scope(&world.operator(), other.id, &scope("read")));
    assert_eq!(refused, RegistryDenial::NotFound);
    assert_eq!(list_scopes(&world.operator(), world.api().id).unwrap().len(), 3);
}

#[test]
fn servers_come_and_go_and_leave_with_their_app() {
    let world = World::new();
    let (api, context) = (world.api(), world.operator());
    let (one, two) = (world.lone_app("One"), world.lone_app("Two"));
    add_resource_server(&context, api.id, one.id).unwrap();
    add_resource_server(&context, api.id, one.id).unwrap();
    add_resource_server(&context, api.id, two.id).unwrap();
    let servers = || list_resource_servers(&context, api.id).unwrap();
    assert_eq!(servers().len(), 2);
    delete_app(&context, one.id, None).unwrap();
    assert_eq!(servers(), [two.id]);
    remove_resource_server(&context, api.id, two.id).unwrap();
    assert_eq!(denial(remove_resource_server(&context, api.id, two.id)), RegistryDenial::NotFound);
    let foreign = world.instance("acme").lone_app("Acme").id;
    for app in [AppId::from_bytes([9; 16]), foreign] {
        assert_eq!(denial(add_resource_server(&context, api.id, app)), RegistryDenial::NotFound);
    }
    let unknown = ResourceId::from_bytes([9; 16]);
    assert_eq!(denial(add_resource_server(&context, unknown, two.id)), RegistryDenial::NotFound);
}

#[test]
fn stale_versions_and_unknown_resources_are_refused() {
    let world = World::new();
    let (api, context) = (world.api(), world.operator());
    let changes = ResourceChanges { name: Some(name("Renamed")), ..ResourceChanges::default() };
    let stale = Some(RecordVersion::FIRST);
    assert_eq!(update_resource(&context, api.id, &changes, stale).unwrap().name, name("Renamed"));
    assert_eq!(denial(update_resource(&context, api.id, &changes, stale)), RegistryDenial::StaleVersion);
    let elsewhere = world.bare_instance("acme");
    let context = elsewhere.operator();
    let absent = [
        denial(find_resource(&context, api.id)),
        denial(list_scopes(&context, api.id)),
        denial(update_resource(&context, api.id, &changes, None)),
        denial(list_resource_servers(&context, api.id)),
        denial(delete_scope(&context, api.id, &scope("read"))),
    ];
    assert_eq!(absent, [const { RegistryDenial::NotFound }; 5]);
}

#[test]
fn scopes_of_the_management_api_cannot_be_deleted() {
    let world = World::new();
    let resources = list_resources(&world.operator()).unwrap();
    let management = resources.iter().find(|r| r.audience.as_str() == MANAGEMENT_AUDIENCE).unwrap();
    let operate = ScopeName::parse(OPERATE_SCOPE).unwrap();
    let denied = denial(delete_scope(&world.operator(), management.id, &operate));
    assert_eq!(denied, RegistryDenial::PlatformRecord);
    assert!(list_scopes(&world.operator(), management.id).unwrap().iter().any(|scope| scope.name == operate));
}
