//! The rules alone: no server, no database, no clock. The facts are arguments, and the answer is data.
//!
//! `cargo run -p example-rules` asks whether an app may have a token, retires its plan, and asks again.

use std::io::Write;

use anyhow::Context;
use turnkeep_domain::app::App;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_domain::tenant::TenantState;
use turnkeep_policy::decide_token::{AppFacts, Authentication, CheckState, TokenFacts, decide_token};
use turnkeep_policy::decide_token_scope::ScopeRequest;
use turnkeep_policy::explain_token::explain_token;

use crate::records::BEGIN;

mod records;

/// What a service would read from its own database.
struct Records {
    app: App,
    plan: Plan,
    resources: Vec<Resource>,
    scopes: Vec<Scope>,
}

fn main() -> anyhow::Result<()> {
    let mut records = records::make()?;
    show("an app on an active plan", &records)?;
    records.plan.state = records.plan.state.retire().context("the plan")?;
    show("the same app after its plan was retired", &records)
}

fn show(title: &str, records: &Records) -> anyhow::Result<()> {
    let facts = facts(records);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{title}")?;
    match decide_token(&facts) {
        Ok(grant) => writeln!(out, "  token for {} with {}", grant.resource.audience.as_str(), grant.scopes)?,
        Err(denial) => writeln!(out, "  no token: {} ({denial})", denial.code())?,
    }
    for explained in explain_token(&facts) {
        let state = match explained.state {
            CheckState::Passed => "passed",
            CheckState::Denied(_) => "DENIED",
            CheckState::NotChecked => "not checked",
        };
        writeln!(out, "  {:<20} {state} {}", explained.check.code(), explained.advice().unwrap_or_default())?;
    }
    Ok(())
}

fn facts(records: &Records) -> TokenFacts<'_> {
    TokenFacts {
        app: Some(AppFacts {
            app: &records.app,
            tenant_state: TenantState::Active,
            tenant_state_since: BEGIN,
            instance_state: InstanceState::Active,
            instance_state_since: BEGIN,
            plan: Some(&records.plan),
            system_user: None,
        }),
        authentication: Authentication::Verified,
        scope_request: ScopeRequest {
            scopes: None,
            audience: None,
            known_resources: &records.resources,
            known_scopes: &records.scopes,
        },
    }
}
