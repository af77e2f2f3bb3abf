//! Verbs of import and export, and documents to import.

use serde_json::{Value, json};
use turnkeep_domain::app::AppState;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::UserKind;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_secret::digest::SecretDigest;
use turnkeep_service::exchange::export_records::{Hashes, export_records};
use turnkeep_service::exchange::import_records::{
    ImportMode, ImportOptions, OnRefusal, import_document, import_records,
};
use turnkeep_service::exchange::import_report::{ImportOutcome, ImportReport, ImportedRecord};
use turnkeep_service::people::manage_operators::add_operator;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_resource::add_resource_server;
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, update_tenant};

use crate::world::registry_verbs::sha256_record;
use crate::world::{TestApp, World};

/// For real, all or nothing.
pub(crate) fn applying() -> ImportOptions {
    ImportOptions {
        mode: ImportMode::Apply,
        on_refusal: OnRefusal::ImportNothing,
        default_tenant: None,
        default_region: None,
    }
}

/// To see what it would do.
pub(super) fn dry_run() -> ImportOptions {
    ImportOptions { mode: ImportMode::DryRun, ..applying() }
}

/// For real, without what is refused.
pub(super) fn skipping() -> ImportOptions {
    ImportOptions { on_refusal: OnRefusal::SkipRecord, ..applying() }
}

/// For real, with a home for apps that name none.
pub(super) fn at_home() -> ImportOptions {
    ImportOptions {
        default_tenant: Some("Acme".to_owned()),
        default_region: Some("eu-west".to_owned()),
        ..applying()
    }
}

/// A document of our own format with these lists.
pub(super) fn document(mut lists: Value) -> String {
    lists["turnkeep"] = json!(1);
    lists.to_string()
}

/// A confidential app of the tenant Acme in a furnished world, with the secret `correct horse`.
pub(super) fn app_record(client_id: &str) -> Value {
    json!({
        "client_id": client_id,
        "tenant": "Acme",
        "name": client_id,
        "client_type": "confidential",
        "license_region": "eu-west",
        "service_access": {"as": "app"},
        "scopes": "read",
        "secrets": [{"hash": sha256_record("correct horse").to_text()}],
    })
}

/// The app record with other members.
pub(super) fn app_with(client_id: &str, changes: Value) -> Value {
    let mut record = app_record(client_id);
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    record.as_object_mut().unwrap().extend(changes);
    record
}

/// What the report says of a record.
#[track_caller]
pub(super) fn record<'r>(report: &'r ImportReport, kind: &str, key: &str) -> &'r ImportedRecord {
    let found = report.records.iter().find(|record| record.kind == kind && record.key == key);
    found.unwrap_or_else(|| panic!("{kind} {key}: {report:#?}"))
}

/// The fields and codes that a refused record is refused for.
#[track_caller]
pub(super) fn errors<'r>(report: &'r ImportReport, kind: &str, key: &str) -> Vec<(&'r str, &'static str)> {
    let record = record(report, kind, key);
    assert_eq!(record.outcome, ImportOutcome::Refused, "{record:?}");
    record.errors.iter().map(|error| (error.field.as_str(), error.code)).collect()
}

/// How many records were created, updated, unchanged, refused.
pub(super) fn counts(report: &ImportReport) -> [usize; 4] {
    use ImportOutcome::{Created, Refused, Unchanged, Updated};
    [Created, Updated, Unchanged, Refused].map(|outcome| report.count(outcome))
}

/// The records of a report, line by line, without the ids of new records, which are others each time.
pub(super) fn without_ids(report: &ImportReport) -> Vec<String> {
    let starts_with_id = |part: &str| part.as_bytes()[..26].iter().all(u8::is_ascii_alphanumeric);
    let text = format!("{:#?}", report.records);
    let parts = text.split('_').enumerate().map(|(index, part)| match part.get(26..) {
        Some(rest) if index != 0 && starts_with_id(part) => format!("id{rest}"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("_").lines().map(str::to_owned).collect()
}

impl World {
    /// Imports a document as the operator.
    #[track_caller]
    pub(super) fn import(&self, text: &str, options: &ImportOptions) -> ImportReport {
        import_document(&self.operator(), text, options).unwrap()
    }

    /// Imports a document that must leave nothing out.
    #[track_caller]
    pub(super) fn import_all(&self, text: &str) -> ImportReport {
        let report = self.import(text, &applying());
        assert!(report.applied && report.count(ImportOutcome::Refused) == 0, "{report:#?}");
        report
    }

    /// Imports a text of any format as the operator.
    #[track_caller]
    pub(super) fn import_format(
        &self,
        format: ImportFormat,
        text: &str,
        options: &ImportOptions,
    ) -> ImportReport {
        import_records(&self.operator(), &format.read(text).unwrap(), options).unwrap()
    }

    /// The whole instance as the operator exports it.
    #[track_caller]
    pub(super) fn export(&self, hashes: Hashes) -> String {
        export_records(&self.operator(), None, hashes).unwrap()
    }

    /// Furnished, with the active tenant Acme, which may have 100 apps.
    pub(super) fn with_acme() -> Self {
        let world = Self::new();
        let acme = world.tenant("Acme");
        let changes =
            TenantChanges { name: None, app_limit: Some(AppLimit::new(100).unwrap()), secret_max_age: None };
        update_tenant(&world.operator(), acme.id, &changes, None).unwrap();
        world
    }

    /// An app that was imported, with a secret to present.
    #[track_caller]
    pub(super) fn imported(&self, client_id: &str, secret: &str) -> TestApp {
        let client_id = ClientId::parse(client_id).unwrap();
        let found =
            self.store.read(|reads| reads.find_app_by_client_id(self.instance_id, &client_id)).unwrap();
        let app = found.unwrap_or_else(|| panic!("there is no {client_id}"));
        TestApp {
            id: app.id,
            tenant_id: app.tenant_id,
            client_id: client_id.to_string(),
            secret: Some(secret.to_owned()),
        }
    }

    /// The tenant with this name.
    #[track_caller]
    pub(super) fn imported_tenant(&self, name: &str) -> TenantId {
        let filter = TenantFilter::default();
        let page = Page::first(100);
        let tenants = self.store.read(|reads| reads.list_tenants(self.instance_id, &filter, &page)).unwrap();
        tenants.iter().find(|tenant| tenant.name.as_str() == name).unwrap().id
    }

    /// Whether there is an app with this client id.
    pub(super) fn has_app(&self, client_id: &str) -> bool {
        let client_id = ClientId::parse(client_id).unwrap();
        let found = self.store.read(|reads| reads.find_app_by_client_id(self.instance_id, &client_id));
        found.unwrap().is_some()
    }

    /// The stored form of the only secret of an app.
    pub(super) fn digest_of(&self, tenant_id: TenantId, id: AppId) -> SecretDigest {
        let stored = self.store.read(|reads| reads.list_secrets(tenant_id, id)).unwrap();
        assert_eq!(stored.len(), 1);
        stored[0].digest.clone()
    }

    /// Something of everything: states, roles, plans, a free plan, hold, a resource server, a second secret.
    /// Answers an app with its secret.
    pub(super) fn populate(&self) -> TestApp {
        let acme = self.tenant("Acme");
        let closed = self.tenant("Zeta");
        self.pending_tenant("Waiting");
        let ada = self.user(UserKind::Internal, "ada");
        let system = self.user(UserKind::System, "svc-backup");
        let bob = self.user(UserKind::Community, "bob");
        for (user, role) in [(&ada, Role::Owner), (&bob, Role::Admin)] {
            set_member(&self.operator(), acme.id, user.id, role, None).unwrap();
        }
        add_operator(&self.operator(), ada.id).unwrap();
        let (pro, free) = (self.plan("pro", PlanPrice::Paid), self.plan("free", PlanPrice::Free));
        self.draft_plan("later", PlanPrice::Paid);
        let app = self.app_with_scopes(&acme, "Invoices", "read update");
        self.change_plan(&app, PlanAction::Assign(pro.id));
        self.change_plan(&app, PlanAction::Hold);
        let other = self.app(&acme, "Other");
        self.change_plan(&other, PlanAction::Assign(free.id));
        self.switch(&other, AppState::Disabled);
        let mut command = self.command(&acme, "Backup");
        command.settings.service_access = ServiceAccess::AsUser(system.id);
        let backup = self.create(&command);
        let api = self.api();
        add_resource_server(&self.operator(), api.id, backup.id).unwrap();
        self.app(&closed, "Invoices");
        self.step_tenant(closed.id, TenantStep::Suspend);
        self.change_plan(&app, PlanAction::Release);
        self.change_plan(&backup, PlanAction::Assign(pro.id));
        self.change_plan(&backup, PlanAction::Hold);
        app
    }
}
