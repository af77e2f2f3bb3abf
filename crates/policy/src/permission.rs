//! Who may do what in the management API: the one table of permissions and roles.

use turnkeep_domain::membership::Role;
use turnkeep_domain::membership::Role::{Admin, Auditor, Developer, Owner};

/// Something that the management API does for some and not for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the tenant's record.
    ReadTenant,
    /// See what apps are made of: plans, regions, resources and scopes of the instance.
    ReadCatalog,
    /// See apps, and why one gets no token.
    ReadApps,
    /// See hints, ages and last uses of secrets; nobody ever sees a secret.
    ReadSecrets,
    /// See storage settings, never the secret key.
    ReadStorage,
    /// See members and invitations.
    ReadMembers,
    /// See the audit trail.
    ReadAudit,
    /// See the periodic review (seed 002).
    ReadReview,
    /// Export records, without hashes.
    Export,
    /// Create, change, switch and delete apps.
    ManageApps,
    /// Make and revoke secrets of apps.
    ManageSecrets,
    /// Make service access tokens of apps, and revoke any reference token of theirs (seed 002: administrators).
    ManageReferenceTokens,
    /// Set and remove storage settings.
    ManageStorage,
    /// Have the server connect to an app's storage.
    CheckStorage,
    /// Invite, and change or end memberships other than owners'.
    ManageMembers,
    /// Rename the tenant, limit the age of secrets.
    UpdateTenant,
    /// Make owners, and unmake them.
    ManageOwners,
    /// Everything of the instance: the life and limits of tenants, plans and who is on them, regions, users,
    /// operators, resources, keys, import, export of hashes, pruning of the audit trail.
    Operate,
}

/// In whose name a request comes. Looked up at every call, never remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// An operator of the instance.
    Operator,
    /// A member of the tenant in question.
    Member(Role),
}

/// The caller's role does not include it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs the permission {}", permission.code())]
pub struct PermissionDenial {
    /// What is missing.
    pub permission: Permission,
}

/// The table: which roles of a tenant include a permission. Operators have every one, in every tenant.
const fn roles_with(permission: Permission) -> &'static [Role] {
    match permission {
        Permission::ReadTenant
        | Permission::ReadCatalog
        | Permission::ReadApps
        | Permission::ReadSecrets
        | Permission::ReadStorage
        | Permission::ReadMembers
        | Permission::ReadAudit
        | Permission::ReadReview
        | Permission::Export => &[Owner, Admin, Developer, Auditor],
        Permission::ManageApps
        | Permission::ManageSecrets
        | Permission::ManageStorage
        | Permission::CheckStorage => &[Owner, Admin, Developer],
        Permission::ManageMembers | Permission::UpdateTenant | Permission::ManageReferenceTokens => {
            &[Owner, Admin]
        }
        Permission::ManageOwners => &[Owner],
        Permission::Operate => &[],
    }
}

/// Whether the principal has the permission.
pub fn decide_permission(principal: Principal, permission: Permission) -> Result<(), PermissionDenial> {
    let included = match principal {
        Principal::Operator => true,
        Principal::Member(role) => roles_with(permission).contains(&role),
    };
    if included { Ok(()) } else { Err(PermissionDenial { permission }) }
}

/// All that the principal may do, in the order of [`Permission::ALL`].
pub fn permissions_of(principal: Principal) -> impl Iterator<Item = Permission> {
    Permission::ALL.into_iter().filter(move |permission| decide_permission(principal, *permission).is_ok())
}

impl Permission {
    /// Every permission, reading first.
    pub const ALL: [Self; 18] = [
        Self::ReadTenant,
        Self::ReadCatalog,
        Self::ReadApps,
        Self::ReadSecrets,
        Self::ReadStorage,
        Self::ReadMembers,
        Self::ReadAudit,
        Self::ReadReview,
        Self::Export,
        Self::ManageApps,
        Self::ManageSecrets,
        Self::ManageReferenceTokens,
        Self::ManageStorage,
        Self::CheckStorage,
        Self::ManageMembers,
        Self::UpdateTenant,
        Self::ManageOwners,
        Self::Operate,
    ];

    /// The stable name, as `GET /me` lists it and a refusal names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadTenant => "tenant.read",
            Self::ReadCatalog => "catalog.read",
            Self::ReadApps => "apps.read",
            Self::ReadSecrets => "secrets.read",
            Self::ReadStorage => "storage.read",
            Self::ReadMembers => "members.read",
            Self::ReadAudit => "audit.read",
            Self::ReadReview => "review.read",
            Self::Export => "export.read",
            Self::ManageApps => "apps.manage",
            Self::ManageSecrets => "secrets.manage",
            Self::ManageReferenceTokens => "reference_tokens.manage",
            Self::ManageStorage => "storage.manage",
            Self::CheckStorage => "storage.check",
            Self::ManageMembers => "members.manage",
            Self::UpdateTenant => "tenant.update",
            Self::ManageOwners => "owners.manage",
            Self::Operate => "instance.operate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One column for each principal: operator, owner, admin, developer, auditor.
    const MATRIX: &str = "
        permission        operator owner admin developer auditor
        tenant.read       yes      yes   yes   yes       yes
        catalog.read      yes      yes   yes   yes       yes
        apps.read         yes      yes   yes   yes       yes
        secrets.read      yes      yes   yes   yes       yes
        storage.read      yes      yes   yes   yes       yes
        members.read      yes      yes   yes   yes       yes
        audit.read        yes      yes   yes   yes       yes
        review.read       yes      yes   yes   yes       yes
        export.read       yes      yes   yes   yes       yes
        apps.manage       yes      yes   yes   yes       -
        secrets.manage    yes      yes   yes   yes       -
        reference_tokens.manage yes yes  yes   -         -
        storage.manage    yes      yes   yes   yes       -
        storage.check     yes      yes   yes   yes       -
        members.manage    yes      yes   yes   -         -
        tenant.update     yes      yes   yes   -         -
        owners.manage     yes      yes   -     -         -
        instance.operate  yes      -     -     -         -
    ";

    fn rows() -> Vec<Vec<&'static str>> {
        let lines = MATRIX.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1);
        lines.map(|line| line.split_whitespace().collect()).collect()
    }

    #[test]
    fn every_cell_of_the_table_is_as_written_here() {
        let rows = rows();
        let named: Vec<_> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(named, Permission::ALL.map(Permission::code));
        let members = Role::ALL.map(Principal::Member);
        let principals: Vec<_> = [Principal::Operator].into_iter().chain(members).collect();
        for (row, permission) in rows.iter().zip(Permission::ALL) {
            assert_eq!(row.len(), 1 + principals.len(), "{row:?}");
            for (cell, principal) in row[1..].iter().zip(&principals) {
                let expected = if *cell == "yes" { Ok(()) } else { Err(PermissionDenial { permission }) };
                let decided = decide_permission(*principal, permission);
                assert_eq!(decided, expected, "{principal:?} {permission:?}");
            }
        }
    }

    #[test]
    fn what_a_principal_may_do_is_what_the_table_says() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            let listed: Vec<_> = permissions_of(Principal::Member(role)).map(Permission::code).collect();
            let rows = rows();
            let written = rows.iter().filter(|row| row[2 + index] == "yes").map(|row| row[0]);
            assert_eq!(listed, written.collect::<Vec<_>>(), "{role}");
        }
        assert_eq!(permissions_of(Principal::Operator).count(), Permission::ALL.len());
    }
}
