//! People of a tenant, and calls as they make them: with tokens that were issued to them.

use turnkeep_domain::id::TenantId;
use turnkeep_domain::management_token::ManagementTokenLifetime;
use turnkeep_domain::membership::Role;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::Failure;
use turnkeep_service::people::invite::{InviteCommand, OpenInvitation, invite};
use turnkeep_service::people::issue_management_token::{IssueManagementTokenCommand, issue_management_token};
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::account_denial::{AccountDenial, AccountResult};
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, Caller, authenticate_bearer};

use crate::world::World;

impl World {
    /// A person of the instance, after those who were made before.
    pub(super) fn person(&self, text: &str) -> User {
        self.advance(1);
        self.user(UserKind::Internal, text)
    }

    /// A person with a role in a tenant.
    pub(super) fn member(&self, tenant_id: TenantId, text: &str, role: Role) -> User {
        let user = self.person(text);
        set_member(&self.operator(), tenant_id, user.id, role, None).unwrap();
        user
    }

    /// A person who may do nothing any more.
    pub(super) fn disable(&self, user: &User) {
        switch_user(&self.operator(), user.id, UserState::Disabled, None).unwrap();
    }

    /// Ends a tenant.
    pub(super) fn close(&self, tenant_id: TenantId) {
        self.step_tenant(tenant_id, TenantStep::Suspend);
        self.step_tenant(tenant_id, TenantStep::Close);
    }

    /// A token of an hour for a person.
    pub(super) fn issued(&self, user: &User, tenant_id: Option<TenantId>) -> PlaintextSecret {
        let lifetime = ManagementTokenLifetime::default();
        let command = IssueManagementTokenCommand { user_id: user.id, tenant_id, lifetime };
        issue_management_token(&self.operator(), &command).unwrap().plaintext
    }

    /// Who the holder of a token is at this moment.
    pub(super) fn recognise(&self, token: &PlaintextSecret) -> Result<Caller, Failure<BearerDenial>> {
        authenticate_bearer(&self.authority, &self.slug, token.expose(), LookUp::Anywhere)
    }

    /// A call with a token.
    pub(super) fn with_token(&self, token: &PlaintextSecret) -> RegistryContext<'_> {
        RegistryContext { caller: self.recognise(token).unwrap(), ..self.operator() }
    }

    /// A call of a person in a tenant.
    pub(super) fn acting(&self, user: &User, tenant_id: TenantId) -> RegistryContext<'_> {
        self.with_token(&self.issued(user, Some(tenant_id)))
    }

    /// A call of a person that is nobody anywhere.
    pub(super) fn stranger(&self, user: &User) -> RegistryContext<'_> {
        self.with_token(&self.issued(user, None))
    }
}

/// Invites a name.
pub(super) fn inviting(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    text: &str,
    role: Role,
) -> RegistryResult<OpenInvitation> {
    invite(context, &InviteCommand { tenant_id, user_name: UserName::parse(text).unwrap(), role })
}

/// The denial of an attempt, whatever it would have returned.
pub(super) fn told<T>(attempt: RegistryResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// [`told`] about what people sign in with.
pub(super) fn told_of_account<T>(attempt: AccountResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(AccountDenial::Registry(denial))) => Some(denial),
        Err(Failure::Denied(_)) => Some(RegistryDenial::NotFound),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}
