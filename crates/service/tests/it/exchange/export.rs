//! Who gets what in an export.

use serde_json::Value;
use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::TenantState;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::exchange::export_records::{ExportLimits, Hashes, export_records};
use turnkeep_service::registry::denial::RegistryDenial;

use crate::world::{World, cheap_settings, denial};

fn names(document: &Value, list: &str, member: &str) -> Vec<String> {
    let items = document[list].as_array().unwrap();
    items.iter().map(|item| item[member].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn members_get_their_tenant_with_its_apps_and_nothing_else() {
    let world = World::new();
    world.populate();
    let acme = world.imported_tenant("Acme");
    let zeta = world.imported_tenant("Zeta");
    for role in [Role::Owner, Role::Admin, Role::Developer, Role::Auditor] {
        let member = world.tenant_caller(acme, role);
        let text = export_records(&member, None, Hashes::Withheld).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(names(&document, "tenants", "name"), ["Acme"]);
        assert_eq!(document["apps"].as_array().unwrap().len(), 3);
        for list in ["resources", "regions", "plans", "users", "operators"] {
            assert_eq!(document[list].as_array().unwrap().len(), 0, "{list}");
        }
        assert_eq!(text, export_records(&member, Some(acme), Hashes::Withheld).unwrap());
        assert_eq!(denial(export_records(&member, Some(zeta), Hashes::Withheld)), RegistryDenial::NotFound);
    }
}

#[test]
fn an_export_has_its_limits() {
    let world = World::new();
    world.populate();
    let text = world.export(Hashes::Withheld);
    let document: Value = serde_json::from_str(&text).unwrap();
    let lists = document.as_object().unwrap().values().filter_map(Value::as_array);
    let records = lists.map(Vec::len).sum::<usize>() + usize::from(document["instance"].is_object());
    let limited = |records, bytes| {
        let export = ExportLimits { records, bytes };
        world.restarted(&[1], AuthoritySettings { export, ..cheap_settings() }, 2)
    };
    assert_eq!(limited(records, text.len()).export(Hashes::Withheld), text);
    for (records, bytes) in [(records - 1, text.len()), (records, text.len() - 1), (2, text.len())] {
        let world = limited(records, bytes);
        let refused = denial(export_records(&world.operator(), None, Hashes::Withheld));
        assert_eq!(refused, RegistryDenial::ExportTooLarge);
    }
}

#[test]
fn operators_get_everything_or_one_tenant() {
    let world = World::new();
    world.populate();
    let whole: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
    assert_eq!(names(&whole, "tenants", "name"), ["Acme", "Platform", "Waiting", "Zeta"]);
    let states = names(&whole, "tenants", "state");
    assert_eq!(states[3], TenantState::Suspended.to_string());
    assert_eq!(names(&whole, "resources", "audience"), ["TrueParser.API"]);
    let zeta = world.imported_tenant("Zeta");
    let one = export_records(&world.operator(), Some(zeta), Hashes::Included).unwrap();
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(names(&one, "tenants", "name"), ["Zeta"]);
    assert_eq!(names(&one, "apps", "name"), ["Invoices"]);
    assert_eq!(world.events("export.hashes")[0].tenant_id, Some(zeta));
}
