//! Our own format: an instance's registry by natural keys (names, codes, audiences, client ids), without
//! identifiers, versions and anything secret but hashes that were asked for. What a record leaves out, it says nothing of.

use serde::{Deserialize, Serialize};

pub mod app;
pub mod app_secret;
pub mod chunks;
pub mod instance;
pub mod plan;
pub mod region;
pub mod rehearsal;
pub mod resource;
pub mod tenant;
pub mod user;
pub mod utc_time;
pub mod values;

mod app_settings;
pub(crate) mod stated;

use app::AppRecord;
use instance::InstanceRecord;
use plan::PlanRecord;
use region::RegionRecord;
use resource::ResourceRecord;
use tenant::TenantRecord;
use user::UserRecord;

/// A document. Every list is optional on import; in what we write all are there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of the format: [`Document::VERSION`].
    pub turnkeep: u32,
    /// The instance itself, if the document says something of it; not in the export of a tenant.
    #[serde(default, deserialize_with = "stated::stated", skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceRecord>,
    /// Protected resources and their scopes.
    #[serde(default)]
    pub resources: Vec<ResourceRecord>,
    /// License regions and their databases.
    #[serde(default)]
    pub regions: Vec<RegionRecord>,
    /// Plans.
    #[serde(default)]
    pub plans: Vec<PlanRecord>,
    /// Users.
    #[serde(default)]
    pub users: Vec<UserRecord>,
    /// The names of the users who operate the instance. Whoever is not listed stays what they are.
    #[serde(default)]
    pub operators: Vec<String>,
    /// Tenants.
    #[serde(default)]
    pub tenants: Vec<TenantRecord>,
    /// Apps.
    #[serde(default)]
    pub apps: Vec<AppRecord>,
}

impl Document {
    /// The one version there is.
    pub const VERSION: u32 = 1;

    /// Brings the records into their one order: by natural key, secrets by age. Lists whose order means something
    /// (redirect URIs, allowed domains) stay as they are.
    pub fn sort(&mut self) {
        self.resources.sort_by(|one, two| one.audience.cmp(&two.audience));
        for resource in &mut self.resources {
            resource.scopes.sort_by(|one, two| one.name.cmp(&two.name));
        }
        self.regions.sort_by(|one, two| one.code.cmp(&two.code));
        for region in &mut self.regions {
            region.databases.sort_by(|one, two| one.db_code.cmp(&two.db_code));
        }
        self.plans.sort_by(|one, two| one.code.cmp(&two.code));
        self.users.sort_by(|one, two| one.name.cmp(&two.name));
        self.operators.sort();
        self.tenants.sort_by(|one, two| one.name.cmp(&two.name));
        for tenant in &mut self.tenants {
            tenant.members.sort_by(|one, two| one.user.cmp(&two.user));
        }
        self.apps.sort_by(|one, two| one.client_id.cmp(&two.client_id));
        for app in &mut self.apps {
            app.resource_server_of.sort();
            if let Some(secrets) = &mut app.secrets {
                secrets.sort_by(|one, two| (one.created_at, &one.hint).cmp(&(two.created_at, &two.hint)));
            }
        }
    }

    /// How many records there are, parts of records not counted.
    pub fn len(&self) -> usize {
        let definitions = self.resources.len() + self.regions.len() + self.plans.len();
        let definitions = definitions + usize::from(self.instance.is_some());
        definitions + self.users.len() + self.operators.len() + self.tenants.len() + self.apps.len()
    }

    /// How many records there are with their parts: scopes, databases, members, and the resources that apps serve.
    pub fn len_with_parts(&self) -> usize {
        let scopes = self.resources.iter().map(|resource| resource.scopes.len());
        let databases = self.regions.iter().map(|region| region.databases.len());
        let members = self.tenants.iter().map(|tenant| tenant.members.len());
        let audiences = self.apps.iter().map(|app| app.resource_server_of.len());
        let parts: usize = scopes.chain(databases).chain(members).chain(audiences).sum();
        self.len() + parts
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The document as JSON for people and version control: sorted, indented, the same bytes for the same records,
    /// with a line end at the end. Secrets in the clear are never written, hashes where records have them.
    pub fn into_json(mut self) -> Result<String, serde_json::Error> {
        self.sort();
        let mut text = serde_json::to_string_pretty(&self)?;
        text.push('\n');
        Ok(text)
    }
}

impl Default for Document {
    fn default() -> Self {
        Self {
            turnkeep: Self::VERSION,
            instance: None,
            resources: Vec::new(),
            regions: Vec::new(),
            plans: Vec::new(),
            users: Vec::new(),
            operators: Vec::new(),
            tenants: Vec::new(),
            apps: Vec::new(),
        }
    }
}
