//! The values of everything but apps.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::UserName;
use turnkeep_protocol::patch::Patch;

use crate::check::app::canonical;
use crate::document::plan::PlanRecord;
use crate::document::region::RegionRecord;
use crate::document::resource::ResourceRecord;
use crate::document::tenant::TenantRecord;
use crate::document::user::UserRecord;
use crate::import_set::RecordProblems;

/// More scopes or databases than one record can sensibly have.
const MAX_PARTS: usize = 1_000;

pub(crate) fn check_resource(resource: &mut ResourceRecord, problems: &mut RecordProblems<'_>) {
    problems.take("audience", Audience::parse(&resource.audience));
    canonical(&mut resource.name, "name", DisplayName::parse, problems);
    if let Some(algorithm) = &resource.signing_alg {
        problems.take("signing_alg", algorithm.parse::<SigningAlgorithm>());
    }
    if MAX_PARTS < resource.scopes.len() {
        return problems.add("scopes", format!("at most {MAX_PARTS} scopes"));
    }
    for (index, scope) in resource.scopes.iter_mut().enumerate() {
        problems.take(&format!("scopes[{index}].name"), ScopeName::parse(&scope.name));
        if let Some(description) = scope.description.as_mut().filter(|text| !text.is_empty()) {
            let field = format!("scopes[{index}].description");
            canonical(description, &field, DisplayName::parse, problems);
        }
    }
}

pub(crate) fn check_region(region: &mut RegionRecord, problems: &mut RecordProblems<'_>) {
    problems.take("code", Slug::parse(&region.code));
    canonical(&mut region.name, "name", DisplayName::parse, problems);
    if MAX_PARTS < region.databases.len() {
        return problems.add("databases", format!("at most {MAX_PARTS} databases"));
    }
    for (index, database) in region.databases.iter().enumerate() {
        problems.take(&format!("databases[{index}].db_code"), DbCode::parse(&database.db_code));
    }
}

pub(crate) fn check_plan(plan: &mut PlanRecord, problems: &mut RecordProblems<'_>) {
    problems.take("code", Slug::parse(&plan.code));
    canonical(&mut plan.name, "name", DisplayName::parse, problems);
    let faults = [plan.limits_on(None).err(), plan.token_requests_on(None).err()];
    for error in faults.into_iter().flatten() {
        problems.add(error.field, error.message);
    }
}

pub(crate) fn check_user(user: &mut UserRecord, problems: &mut RecordProblems<'_>) {
    canonical(&mut user.name, "name", UserName::parse, problems);
    canonical(&mut user.display_name, "display_name", DisplayName::parse, problems);
}

pub(crate) fn check_tenant(tenant: &mut TenantRecord, problems: &mut RecordProblems<'_>) {
    canonical(&mut tenant.name, "name", DisplayName::parse, problems);
    if tenant.app_limit.is_some_and(|apps| AppLimit::new(apps).is_none()) {
        problems.add("app_limit", format!("must be at most {}", AppLimit::MAX));
    }
    if let Patch::Set(days) = tenant.secret_max_age_days {
        problems.take("secret_max_age_days", SecretMaxAge::from_days(days));
    }
    if MAX_PARTS < tenant.members.len() {
        return problems.add("members", format!("at most {MAX_PARTS} members"));
    }
    for (index, member) in tenant.members.iter_mut().enumerate() {
        canonical(&mut member.user, &format!("members[{index}].user"), UserName::parse, problems);
    }
}
