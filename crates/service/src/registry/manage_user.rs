//! Users of an instance: creating, reading, disabling and enabling. Operators only.

use turnkeep_domain::app::App;
use turnkeep_domain::audit::AttributeChange;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::filter::{AppFilter, UserFilter};
use turnkeep_domain::id::UserId;
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, created, user_attributes};
use crate::people::operators_left::check_operators_left;
use crate::people::user_identifiers::check_new_user;
use crate::registry::apps_with::apps_with;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::recording::{Change, Consequence, Done, expect_updated, mutate};
use crate::sign_in::end_sessions::{Ended, end_all_of_user};
use crate::sign_in::events::Deed;

/// A new user.
#[derive(Debug, Clone)]
pub struct CreateUserCommand {
    /// What kind.
    pub kind: UserKind,
    /// The name it is found by.
    pub name: UserName,
    /// Name for people.
    pub display_name: DisplayName,
    /// Where mail reaches it.
    pub email: Option<EmailAddress>,
}

/// Creates an active user.
pub fn create_user(context: &RegistryContext<'_>, command: &CreateUserCommand) -> RegistryResult<User> {
    context.audited("user.create", None, context.require_operator())?;
    mutate(context, "user.create", None, |change| {
        let user = User {
            id: UserId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            kind: command.kind,
            name: command.name.clone(),
            display_name: command.display_name.clone(),
            email: command.email.clone(),
            tokens_dead_below: ChangeSequence::ZERO,
            state: UserState::Active,
            state_since: change.now,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        check_new_user(change.writes, &user)?.map_err(RegistryDenial::from)?;
        if change.writes.insert_user(&user)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(user_attributes(&user));
        Ok(Done::of(user.id, user).changes(changes))
    })
}

/// Users of the instance; their sort name is the user name.
pub fn list_users(
    context: &RegistryContext<'_>,
    filter: &UserFilter,
    page: &Page<UserId>,
) -> RegistryResult<Vec<User>> {
    context.require_read("user.read", None, Permission::Operate)?;
    Ok(context.authority.store.read(|reads| reads.list_users(context.instance_id, filter, page))?)
}

/// One user.
pub fn find_user(context: &RegistryContext<'_>, id: UserId) -> RegistryResult<User> {
    context.require_read("user.read", Some(&id), Permission::Operate)?;
    context.read(|reads| existing(context, reads, id))
}

/// Stops a user, with the tokens of every app that acts as it, or lets it act again. No person of the instance stops
/// the last one who operates it.
pub fn switch_user(
    context: &RegistryContext<'_>,
    id: UserId,
    state: UserState,
    if_version: Option<RecordVersion>,
) -> RegistryResult<User> {
    let action = switch_name(state);
    context.audited(action, Some(id.to_string()), context.require_operator())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_user_state(context, change, before, state)
    })
}

/// What switching is called in the audit trail.
pub(crate) fn switch_name(state: UserState) -> &'static str {
    match state {
        UserState::Active => "user.enable",
        UserState::Disabled => "user.disable",
    }
}

/// Switches a user within a transaction.
pub(crate) fn change_user_state(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: User,
    state: UserState,
) -> RegistryResult<Done<User>> {
    let id = before.id;
    if before.state == state {
        return Ok(Done::unchanged(before));
    }
    let tokens_dead_below = match state {
        UserState::Active => before.tokens_dead_below,
        // What was issued before stays dead when the user is enabled again.
        UserState::Disabled => {
            check_operators_left(context, change.writes, &before)?;
            change.record(ChangeScope::User(context.instance_id, id), TokensBefore::Dead)?
        }
    };
    let version = before.version.next();
    let after = User { state, state_since: change.now, tokens_dead_below, version, ..before.clone() };
    expect_updated(change.writes.update_user(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let filter = AppFilter { system_user_id: Some(id), ..AppFilter::default() };
    let apps = apps_with(change.writes, context.instance_id, &filter)?;
    let sequence = record_of_apps(change, &apps, state)?;
    let changes = changed(user_attributes(&before), user_attributes(&after));
    let consequences = tell_apps(apps, &before, &after);
    let mut done = Done::of(id, after).changes(changes).consequences(consequences);
    if state == UserState::Disabled {
        let hit = match sequence {
            Some(sequence) => change.writes.kill_tokens_of_system_user(context.instance_id, id, sequence)?,
            None => 0,
        };
        done = done.set("apps_stopped", hit);
        // So do links that were on their way.
        change.writes.use_account_links_of(context.instance_id, id, change.now)?;
        let ended = end_all_of_user(change.writes, &before, Deed::of(context), change.now)?;
        if ended != Ended::default() {
            done = done.set("sessions_ended", ended.sessions).set("grants_revoked", ended.grants);
        }
    }
    Ok(done)
}

/// A change of the user is one of each app that acts as it. The last of them is returned: all of them are in one
/// transaction, so no token was issued in between.
fn record_of_apps(
    change: &mut Change<'_>,
    apps: &[App],
    state: UserState,
) -> StoreResult<Option<ChangeSequence>> {
    let tokens_before = match state {
        UserState::Active => TokensBefore::Live,
        UserState::Disabled => TokensBefore::Dead,
    };
    let mut last = None;
    for app in apps {
        let scope = ChangeScope::App(app.instance_id, app.tenant_id, app.id);
        last = Some(change.record(scope, tokens_before)?);
    }
    Ok(last)
}

/// What becomes of the apps that act as the user, for their tenants.
fn tell_apps(apps: Vec<App>, before: &User, after: &User) -> Vec<Consequence> {
    let action = match after.state {
        UserState::Active => "app.released_by_user",
        UserState::Disabled => "app.stopped_by_user",
    };
    let state = changed(user_attributes(before), user_attributes(after))
        .into_iter()
        .filter(|change| change.attribute == "state")
        .map(|change| AttributeChange { attribute: "system_user_state", ..change });
    let id =
        AttributeChange { attribute: "system_user_id", before: None, after: Some(before.id.to_string()) };
    let changes: Vec<AttributeChange> = std::iter::once(id).chain(state).collect();
    let told = |app: App| Consequence {
        action,
        object: app.id.to_string(),
        tenant_id: app.tenant_id,
        changes: changes.clone(),
    };
    apps.into_iter().map(told).collect()
}

fn existing<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: UserId,
) -> RegistryResult<User> {
    Ok(reads.find_user(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}
