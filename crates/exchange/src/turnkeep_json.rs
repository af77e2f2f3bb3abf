//! Reading our own format.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::user::UserName;

use crate::check::app::{AppFieldNames, canonical, check_app};
use crate::check::definitions::{check_plan, check_region, check_resource, check_tenant, check_user};
use crate::check::repeated::SeenKeys;
use crate::document::Document;
use crate::document::app::AppRecord;
use crate::document::instance::InstanceRecord;
use crate::document::plan::PlanRecord;
use crate::document::region::RegionRecord;
use crate::document::resource::ResourceRecord;
use crate::document::stated::stated;
use crate::document::tenant::TenantRecord;
use crate::document::user::UserRecord;
use crate::import_set::{ImportError, ImportProblem, ImportSet, MAX_RECORDS, RecordProblems};
use crate::json_records::{RawRecords, read_document, read_record, record_label};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument<'a> {
    turnkeep: Option<u32>,
    #[serde(borrow, default, deserialize_with = "stated")]
    instance: Option<&'a RawValue>,
    #[serde(borrow, default)]
    resources: RawRecords<'a>,
    #[serde(borrow, default)]
    regions: RawRecords<'a>,
    #[serde(borrow, default)]
    plans: RawRecords<'a>,
    #[serde(borrow, default)]
    users: RawRecords<'a>,
    #[serde(borrow, default)]
    operators: RawRecords<'a>,
    #[serde(borrow, default)]
    tenants: RawRecords<'a>,
    #[serde(borrow, default)]
    apps: RawRecords<'a>,
}

/// One of the lists of a document.
struct Kind<T> {
    word: &'static str,
    key_member: &'static str,
    key: fn(&T) -> String,
    check: fn(&mut T, &mut RecordProblems<'_>),
}

/// Reads a document. The records are sorted and canonical, so that writing them gives what an export would.
pub(crate) fn read(text: &str) -> Result<ImportSet, ImportError> {
    let raw: RawDocument<'_> = read_document(text)?;
    match raw.turnkeep {
        Some(Document::VERSION) => {}
        Some(_) => return Err(ImportError::UnsupportedVersion),
        None => return Err(ImportError::MissingMember { member: "turnkeep" }),
    }
    let people = [&raw.users, &raw.operators, &raw.tenants];
    let lists = [&raw.resources, &raw.regions, &raw.plans, &raw.apps].into_iter().chain(people);
    let count: usize = lists.map(|list| list.0.len()).sum();
    if MAX_RECORDS < count + usize::from(raw.instance.is_some()) {
        return Err(ImportError::TooManyRecords);
    }
    let mut problems = Vec::new();
    let mut records = Document {
        turnkeep: Document::VERSION,
        instance: read_instance(raw.instance, &mut problems),
        resources: read_list(&raw.resources, &RESOURCES, &mut problems),
        regions: read_list(&raw.regions, &REGIONS, &mut problems),
        plans: read_list(&raw.plans, &PLANS, &mut problems),
        users: read_list(&raw.users, &USERS, &mut problems),
        operators: read_list(&raw.operators, &OPERATORS, &mut problems),
        tenants: read_list(&raw.tenants, &TENANTS, &mut problems),
        apps: read_list(&raw.apps, &APPS, &mut problems),
    };
    refuse_repeated_scopes(&mut records, &mut problems);
    records.sort();
    Ok(ImportSet { records, problems, notes: Vec::new() })
}

fn read_instance(raw: Option<&RawValue>, problems: &mut Vec<ImportProblem>) -> Option<InstanceRecord> {
    read_record(raw?, &mut RecordProblems::new("instance", problems))
}

const RESOURCES: Kind<ResourceRecord> = Kind {
    word: "resource",
    key_member: "audience",
    key: |resource| resource.audience.clone(),
    check: check_resource,
};

const REGIONS: Kind<RegionRecord> = Kind {
    word: "region",
    key_member: "code",
    key: |region| region.code.clone(),
    check: |region, problems| {
        check_region(region, problems);
        let mut seen = SeenKeys::default();
        if region.databases.iter().any(|database| seen.repeats(&database.db_code)) {
            problems.add("databases", SeenKeys::MESSAGE);
        }
    },
};

const PLANS: Kind<PlanRecord> =
    Kind { word: "plan", key_member: "code", key: |plan| plan.code.clone(), check: check_plan };

const USERS: Kind<UserRecord> =
    Kind { word: "user", key_member: "name", key: |user| user.name.clone(), check: check_user };

const OPERATORS: Kind<String> = Kind {
    word: "operator",
    key_member: "",
    key: String::clone,
    check: |operator, problems| canonical(operator, "", UserName::parse, problems),
};

const TENANTS: Kind<TenantRecord> = Kind {
    word: "tenant",
    key_member: "name",
    key: |tenant| uniqueness_key(&tenant.name),
    check: |tenant, problems| {
        check_tenant(tenant, problems);
        let mut seen = SeenKeys::default();
        if tenant.members.iter().any(|member| seen.repeats(&member.user)) {
            problems.add("members", SeenKeys::MESSAGE);
        }
    },
};

const APPS: Kind<AppRecord> = Kind {
    word: "app",
    key_member: "client_id",
    key: |app| app.client_id.clone(),
    check: |app, problems| check_app(app, &AppFieldNames::TURNKEEP, problems),
};

fn read_list<T: DeserializeOwned>(
    list: &RawRecords<'_>,
    kind: &Kind<T>,
    problems: &mut Vec<ImportProblem>,
) -> Vec<T> {
    let mut seen = SeenKeys::default();
    let mut records = Vec::new();
    for (index, raw) in list.0.iter().enumerate() {
        let label = record_label(kind.word, kind.key_member, index, raw);
        let mut of_record = RecordProblems::new(&label, problems);
        let Some(mut record) = read_record::<T>(raw, &mut of_record) else { continue };
        (kind.check)(&mut record, &mut of_record);
        if seen.repeats((kind.key)(&record)) {
            of_record.add(kind.key_member, SeenKeys::MESSAGE);
        }
        if !of_record.found_any() {
            records.push(record);
        }
    }
    records
}

/// A scope belongs to one resource of the instance.
fn refuse_repeated_scopes(records: &mut Document, problems: &mut Vec<ImportProblem>) {
    let mut seen = SeenKeys::default();
    records.resources.retain(|resource| {
        let repeats = resource.scopes.iter().filter(|scope| seen.repeats(&scope.name)).count();
        if repeats != 0 {
            let label = format!("resource «{}»", resource.audience);
            RecordProblems::new(&label, problems).add("scopes", SeenKeys::MESSAGE);
        }
        repeats == 0
    });
}

/// The parser has accepted the name, or there is a problem with it already.
fn uniqueness_key(name: &str) -> String {
    DisplayName::parse(name).map(|name| name.uniqueness_key()).unwrap_or_default()
}
