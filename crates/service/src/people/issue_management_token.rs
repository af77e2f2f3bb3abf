//! Giving a person a token for the management API.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{ManagementTokenId, TenantId, UserId};
use turnkeep_domain::management_token::{ManagementToken, ManagementTokenLifetime};
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_secret::generated::SecretKind;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::created;
use crate::handles::make_handle;
use crate::people::attributes::management_token_attributes;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};

/// A token to issue.
#[derive(Debug, Clone, Copy)]
pub struct IssueManagementTokenCommand {
    /// For whom it will stand.
    pub user_id: UserId,
    /// In which tenant; without one it is for operators, and for accepting invitations.
    pub tenant_id: Option<TenantId>,
    /// For how long.
    pub lifetime: ManagementTokenLifetime,
}

/// A token that was issued.
#[derive(Debug)]
pub struct IssuedManagementToken {
    /// Its record.
    pub token: ManagementToken,
    /// The token itself: it is not stored, and never shown again.
    pub plaintext: PlaintextSecret,
}

/// Issues a token. Operators only. What it reaches is looked up whenever it is used.
pub fn issue_management_token(
    context: &RegistryContext<'_>,
    command: &IssueManagementTokenCommand,
) -> RegistryResult<IssuedManagementToken> {
    const ACTION: &str = "management_token.issue";
    let IssueManagementTokenCommand { user_id, tenant_id, lifetime } = *command;
    context.audited(ACTION, Some(user_id.to_string()), context.require_operator())?;
    let handle = make_handle(context.authority, SecretKind::ManagementToken);
    let hash = handle.hash;
    let token = mutate(context, ACTION, Some(user_id.to_string()), |change| {
        check_user(context, change.writes, user_id, tenant_id)?;
        let token = ManagementToken {
            id: ManagementTokenId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            user_id,
            tenant_id,
            issued_by: context.caller.actor,
            created_at: change.now,
            expires_at: change.now.plus(lifetime.as_duration()),
            revoked_at: None,
        };
        if change.writes.insert_management_token(&token, &hash)? == Inserted::Conflict {
            return Err(StoreError::Corrupt { table: "management_tokens", column: "handle_hash" }.into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let done = Done::of(token.id, token).changes(created(management_token_attributes(&token)));
        Ok(match tenant_id {
            Some(tenant_id) => done.in_tenant(tenant_id),
            None => done,
        })
    })?;
    Ok(IssuedManagementToken { token, plaintext: handle.plaintext })
}

/// People only, and in a tenant only those who are something there.
fn check_user<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    user_id: UserId,
    tenant_id: Option<TenantId>,
) -> RegistryResult<()> {
    let instance_id = context.instance_id;
    let user = reads.find_user(instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
    if user.kind == UserKind::System {
        return Err(RegistryDenial::SystemUser.into());
    }
    if user.state == UserState::Disabled {
        return Err(RegistryDenial::UserDisabled.into());
    }
    let Some(tenant_id) = tenant_id else {
        return Ok(());
    };
    let tenant = reads.find_tenant(instance_id, tenant_id)?.ok_or(RegistryDenial::TenantUnknown)?;
    if tenant.state == TenantState::Closed {
        return Err(RegistryDenial::TenantClosed.into());
    }
    let is_member = reads.find_membership(instance_id, tenant_id, user_id)?.is_some();
    if is_member || reads.is_operator(instance_id, user_id)? {
        Ok(())
    } else {
        Err(RegistryDenial::NotAMember.into())
    }
}
