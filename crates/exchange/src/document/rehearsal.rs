//! Chunks that can be tried one by one without being kept: each has along what its records refer to.

use std::collections::HashSet;
use std::mem;

use crate::document::Document;
use crate::document::app::AppRecord;
use crate::document::chunks::ChunkLimits;
use crate::document::resource::{ResourceRecord, ScopeRecord};
use crate::document::tenant::TenantRecord;

impl Document {
    /// Like [`Document::into_chunks`], for a dry run, that leaves nothing behind for the chunks after it: what a
    /// chunk refers to is in it again, so a record can be in several. The apps of a tenant stay together, as its
    /// limits count them. The limits are those of a chunk without what it refers to.
    pub fn into_rehearsals(mut self, limits: ChunkLimits) -> Vec<Self> {
        self.apps.sort_by(|one, two| one.tenant.cmp(&two.tenant));
        let definitions = Self {
            resources: self.resources.clone(),
            regions: self.regions.clone(),
            plans: self.plans.clone(),
            users: self.users.clone(),
            tenants: self.tenants.iter().map(without_members).collect(),
            ..Self::default()
        };
        let mut chunks = self.into_chunks(limits);
        if 1 < chunks.len() {
            for chunk in &mut chunks {
                chunk.take_along(&definitions);
            }
        }
        chunks
    }

    fn take_along(&mut self, definitions: &Self) {
        let needed = Needed::of(self);
        take(&mut self.regions, &definitions.regions, &needed.regions, |region| &region.code);
        take(&mut self.plans, &definitions.plans, &needed.plans, |plan| &plan.code);
        take(&mut self.users, &definitions.users, &needed.users, |user| &user.name);
        take(&mut self.tenants, &definitions.tenants, &needed.tenants, |tenant| &tenant.name);
        let own: HashSet<_> = self.resources.iter().map(|resource| resource.audience.clone()).collect();
        let others = definitions.resources.iter().filter(|resource| !own.contains(&resource.audience));
        self.resources.extend(others.filter_map(|resource| needed.part_of(resource)));
    }
}

/// Members make a tenant what it is, but not what an app refers to.
fn without_members(tenant: &TenantRecord) -> TenantRecord {
    TenantRecord { members: Vec::new(), ..tenant.clone() }
}

/// What the records of a chunk refer to, by natural keys as records are found by: whatever the case.
struct Needed {
    regions: HashSet<String>,
    plans: HashSet<String>,
    users: HashSet<String>,
    tenants: HashSet<String>,
    scopes: HashSet<String>,
    audiences: HashSet<String>,
}

impl Needed {
    fn of(chunk: &Document) -> Self {
        let apps = || chunk.apps.iter();
        let of_apps = |name: fn(&AppRecord) -> Option<&String>| -> HashSet<String> {
            apps().filter_map(name).map(|name| key(name)).collect()
        };
        let members = chunk.tenants.iter().flat_map(|tenant| &tenant.members).map(|member| &member.user);
        let mut users = of_apps(|app| app.service_access.as_ref()?.user.as_ref());
        users.extend(members.chain(&chunk.operators).map(|name| key(name)));
        Self {
            regions: of_apps(|app| app.license_region.as_ref()),
            plans: of_apps(plan_code),
            users,
            tenants: of_apps(|app| app.tenant.as_ref()),
            scopes: apps()
                .filter_map(|app| app.scopes.as_deref())
                .flat_map(|scopes| scopes.split(' '))
                .map(str::to_owned)
                .collect(),
            audiences: apps().flat_map(|app| &app.resource_server_of).cloned().collect(),
        }
    }

    /// As much of a resource as is referred to.
    fn part_of(&self, resource: &ResourceRecord) -> Option<ResourceRecord> {
        let scopes: Vec<ScopeRecord> =
            resource.scopes.iter().filter(|scope| self.scopes.contains(&scope.name)).cloned().collect();
        let referred_to = !scopes.is_empty() || self.audiences.contains(&resource.audience);
        referred_to.then(|| ResourceRecord { scopes, ..resource.clone() })
    }
}

/// Puts what is needed and not there yet before what is there.
fn take<T: Clone>(own: &mut Vec<T>, all: &[T], needed: &HashSet<String>, name: fn(&T) -> &String) {
    let present: HashSet<String> = own.iter().map(|record| key(name(record))).collect();
    let missing = |record: &&T| {
        let key = key(name(record));
        needed.contains(&key) && !present.contains(&key)
    };
    let mut records: Vec<T> = all.iter().filter(missing).cloned().collect();
    records.append(own);
    mem::swap(own, &mut records);
}

fn plan_code(app: &AppRecord) -> Option<&String> {
    app.plan_value().flatten().map(|plan| &plan.code)
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve apps of three tenants, out of order.
    fn document() -> Document {
        let apps: Vec<serde_json::Value> = (0..12)
            .map(|number| {
                let tenant = ["Beta", "acme", "Gamma"][number % 3];
                serde_json::json!({
                    "client_id": format!("app-{number:02}"), "name": format!("App {number}"),
                    "client_type": "public", "tenant": tenant, "license_region": "eu-west",
                    "scopes": if number % 3 == 0 { "a.read b.read" } else { "a.read" },
                    "plan": {"code": "pro"},
                })
            })
            .collect();
        let text = serde_json::json!({
            "turnkeep": 1,
            "resources": [
                {"audience": "A", "name": "A", "scopes": [{"name": "a.read"}, {"name": "a.write"}]},
                {"audience": "B", "name": "B", "scopes": [{"name": "b.read"}]},
                {"audience": "C", "name": "C", "scopes": [{"name": "c.read"}]},
            ],
            "regions": [{"code": "eu-west", "name": "EU"}, {"code": "us-east", "name": "US"}],
            "plans": [{"code": "pro", "name": "Pro"}, {"code": "free", "name": "Free"}],
            "users": [{"name": "ada", "kind": "internal", "display_name": "Ada"}],
            "tenants": [
                {"name": "Acme", "members": [{"user": "ada", "role": "owner"}]},
                {"name": "Beta"}, {"name": "Gamma"},
            ],
            "apps": apps,
        });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn every_chunk_has_along_what_its_records_refer_to_and_nothing_else() {
        let chunks = document().into_rehearsals(ChunkLimits { records: 4, bytes: usize::MAX });
        let mut apps = 0;
        for chunk in chunks.iter().filter(|chunk| !chunk.apps.is_empty()) {
            let tenants: HashSet<_> =
                chunk.apps.iter().filter_map(|app| app.tenant.as_deref()).map(key).collect();
            let there: HashSet<_> = chunk.tenants.iter().map(|tenant| key(&tenant.name)).collect();
            assert!(tenants.is_subset(&there), "{there:?}");
            assert!(chunk.regions.iter().any(|region| region.code == "eu-west"));
            assert!(chunk.plans.iter().any(|plan| plan.code == "pro"));
            let scopes: Vec<_> = chunk.resources.iter().flat_map(|resource| &resource.scopes).collect();
            let granted = |name| scopes.iter().any(|scope| scope.name == name);
            assert!(granted("a.read") && !granted("a.write") && !granted("c.read"), "{scopes:?}");
            assert_eq!(
                granted("b.read"),
                chunk.apps.iter().any(|app| app.scopes.as_deref().unwrap_or_default().contains("b.read"))
            );
            apps += chunk.apps.len();
        }
        assert_eq!(apps, 12);
        let with_member =
            chunks.iter().find(|chunk| chunk.tenants.iter().any(|tenant| !tenant.members.is_empty()));
        assert!(with_member.unwrap().users.iter().any(|user| user.name == "ada"));
        let last = chunks.last().unwrap();
        assert_eq!(
            (last.tenants.len(), last.regions.len(), last.plans.len(), last.users.len()),
            (1, 1, 1, 0)
        );
    }

    #[test]
    fn the_apps_of_a_tenant_stay_together_and_a_short_document_stays_as_it_is() {
        let chunks = document().into_rehearsals(ChunkLimits { records: 4, bytes: usize::MAX });
        let tenants: Vec<_> =
            chunks.iter().flat_map(|chunk| &chunk.apps).map(|app| app.tenant.clone()).collect();
        assert!(tenants.is_sorted(), "{tenants:?}");
        let [whole] = &document().into_rehearsals(ChunkLimits { records: 100, bytes: usize::MAX })[..] else {
            panic!("one chunk is enough")
        };
        assert_eq!((whole.len(), whole.len_with_parts()), (document().len(), document().len_with_parts()));
    }
}
