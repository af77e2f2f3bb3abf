//! Users, members of tenants, and operators.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::UserId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::tenant::MemberRecord;
use turnkeep_exchange::document::user::UserRecord;
use turnkeep_exchange::document::values::value;
use turnkeep_policy::decide_operator::decide_operator;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, user_attributes};
use crate::exchange::import_report::{RecordResult, immutable};
use crate::exchange::importing::{Found, Importing};
use crate::exchange::references::existing_user;
use crate::failure::{Failure, Fault};
use crate::people::manage_operators::put_operator;
use crate::people::set_member::{insert_member, put_member};
use crate::people::update_user::{self, UserChanges, change_user};
use crate::people::user_identifiers::check_new_user;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_user::{change_user_state, switch_name};
use crate::registry::recording::Done;

/// Imports a user. A new one begins in the state that the document says.
pub(super) fn import_user(importing: &mut Importing<'_, '_>, record: &UserRecord) -> Result<(), Fault> {
    importing.record("user", &record.name, |importing| put_user(importing, record)).map(drop)
}

fn put_user(importing: &mut Importing<'_, '_>, record: &UserRecord) -> RecordResult<Found> {
    let instance_id = importing.context.instance_id;
    let name = value("name", UserName::parse(&record.name))?;
    let email = record.email_value()?;
    let display_name = value("display_name", DisplayName::parse(&record.display_name))?;
    let Some(before) = importing.change.writes.find_user_by_name(instance_id, &name)? else {
        let now = importing.change.now;
        let user = User {
            id: UserId::new(now, importing.context.authority.random_bytes()),
            instance_id,
            kind: record.kind_value(),
            name,
            display_name,
            email: email.clone().flatten(),
            tokens_dead_below: ChangeSequence::ZERO,
            state: record.state_value().unwrap_or(UserState::Active),
            state_since: now,
            created_at: now,
            version: RecordVersion::FIRST,
        };
        check_new_user(importing.change.writes, &user)?.map_err(RegistryDenial::from)?;
        if importing.change.writes.insert_user(&user)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
        }
        importing.record_instance_change()?;
        importing.done("user.create", Done::of(user.id, ()).changes(created(user_attributes(&user))));
        return Ok(Found::New);
    };
    if before.kind != record.kind_value() {
        return Err(immutable("kind"));
    }
    let mut user = before;
    let changes = UserChanges { display_name: Some(display_name), email };
    let done = change_user(importing.context, &mut importing.change, user, &changes)?;
    user = importing.done(update_user::ACTION, done);
    if let Some(state) = record.state_value().filter(|state| *state != user.state) {
        let done = change_user_state(importing.context, &mut importing.change, user, state)?;
        importing.done(switch_name(state), done);
    }
    Ok(Found::Known)
}

/// Imports an operator.
pub(super) fn import_operator(importing: &mut Importing<'_, '_>, name: &str) -> Result<(), Fault> {
    importing.record("operator", name, |importing| make_operator(importing, name)).map(drop)
}

fn make_operator(importing: &mut Importing<'_, '_>, name: &str) -> RecordResult<Found> {
    const ACTION: &str = "operator.add";
    let instance_id = importing.context.instance_id;
    let user = existing_user(importing.change.writes, instance_id, "", name)?;
    if importing.change.writes.is_operator(instance_id, user.id)? {
        return Ok(Found::Known);
    }
    decide_operator(&user).map_err(RegistryDenial::from)?;
    if user.state == UserState::Disabled {
        // As where the document comes from: disabled after the fact. Nobody can act as the user.
        let at = importing.change.now;
        if importing.change.writes.insert_operator(instance_id, user.id, at)? == Inserted::Conflict {
            return Err(RegistryDenial::StaleVersion.into());
        }
        importing.record_instance_change()?;
        importing.done(ACTION, Done::of(user.id, ()).set("operator", true));
    } else {
        let done = put_operator(importing.context, &mut importing.change, user.id)?;
        importing.done(ACTION, done);
    }
    Ok(Found::New)
}

/// Gives a user a role in a tenant.
pub(super) fn put_member_of(
    importing: &mut Importing<'_, '_>,
    tenant: &Tenant,
    record: &MemberRecord,
) -> RecordResult<Found> {
    const ACTION: &str = "member.set";
    let (context, role) = (importing.context, record.role_value());
    let user = existing_user(importing.change.writes, context.instance_id, "user", &record.user)?;
    let present = importing.change.writes.find_membership(context.instance_id, tenant.id, user.id)?;
    if present.is_some_and(|present| present.role == role) {
        return Ok(Found::Known);
    }
    match put_member(context, &mut importing.change, tenant.id, user.id, role, None) {
        Ok(done) => {
            importing.done(ACTION, done);
        }
        // As where the document comes from: disabled or closed after the fact. Nobody can act on it.
        Err(Failure::Denied(RegistryDenial::UserDisabled | RegistryDenial::TenantClosed))
            if present.is_none() && user.kind != UserKind::System =>
        {
            insert_member(context, &mut importing.change, tenant.id, user.id, role)?;
            importing.done(ACTION, Done::of(user.id, ()).in_tenant(tenant.id).set("role", role));
        }
        Err(failure) => return Err(failure.into()),
    }
    Ok(if present.is_some() { Found::Known } else { Found::New })
}
