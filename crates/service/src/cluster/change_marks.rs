//! Which parts of the registry have changed since when: what decides whether something in memory still counts.
//!
//! Fixed in size, whatever the registry's: tenants and apps share marks by chance, and then a change of one makes the
//! other be read again, which is all that can happen. Marks only rise, so that they need no lock: an entry as of an
//! older change than its marks is not used, whichever of the two came first.

use std::sync::atomic::{AtomicI64, Ordering};

use turnkeep_domain::change::{ChangeScope, ChangeSequence};
use turnkeep_domain::id::{AppId, InstanceId, TenantId};

const INSTANCES: usize = 256;
const TENANTS: usize = 4_096;
const APPS: usize = 65_536;

/// The last change of everything.
#[derive(Debug)]
pub(crate) struct ChangeMarks {
    everything: AtomicI64,
    any_instance: AtomicI64,
    instances: Marks,
    new_apps: Marks,
    tenants: Marks,
    apps: Marks,
}

/// Marks that ids are spread over.
#[derive(Debug)]
struct Marks(Box<[AtomicI64]>);

impl Marks {
    fn new(count: usize) -> Self {
        Self((0..count).map(|_| AtomicI64::new(0)).collect())
    }

    /// The last bytes of an id are random.
    fn of(&self, id: &[u8; 16]) -> &AtomicI64 {
        let [.., high, low] = *id;
        let number = usize::from(u16::from_be_bytes([high, low]));
        let mark = number.checked_rem(self.0.len()).and_then(|index| self.0.get(index));
        // There is at least one mark.
        mark.unwrap_or(&NEVER)
    }
}

static NEVER: AtomicI64 = AtomicI64::new(i64::MAX);

impl Default for ChangeMarks {
    fn default() -> Self {
        Self {
            everything: AtomicI64::new(0),
            any_instance: AtomicI64::new(0),
            instances: Marks::new(INSTANCES),
            new_apps: Marks::new(INSTANCES),
            tenants: Marks::new(TENANTS),
            apps: Marks::new(APPS),
        }
    }
}

impl ChangeMarks {
    /// A change has happened.
    pub(crate) fn raise(&self, scope: ChangeScope, sequence: ChangeSequence) {
        let raise = |mark: &AtomicI64| {
            mark.fetch_max(sequence.as_number(), Ordering::AcqRel);
        };
        match scope {
            ChangeScope::Instance(instance_id) => {
                raise(&self.any_instance);
                raise(self.instances.of(instance_id.as_bytes()));
            }
            ChangeScope::Tenant(_, tenant_id) => raise(self.tenants.of(tenant_id.as_bytes())),
            ChangeScope::App(_, _, app_id) | ChangeScope::Secret(_, _, app_id, _) => {
                raise(self.apps.of(app_id.as_bytes()));
            }
            ChangeScope::NewApp(instance_id, _, app_id) => {
                raise(self.apps.of(app_id.as_bytes()));
                raise(self.new_apps.of(instance_id.as_bytes()));
            }
            // Nothing about an app changes; the token, person or grant is among the kill marks. Where an app acts as the
            // user, its change is recorded besides.
            ChangeScope::Token(..) | ChangeScope::User(..) | ChangeScope::Grant(..) => {}
        }
    }

    /// Anything may have happened.
    pub(crate) fn raise_everything(&self, sequence: ChangeSequence) {
        self.everything.fetch_max(sequence.as_number(), Ordering::AcqRel);
    }

    /// Whether the list of instances, read as of a change, still counts.
    pub(crate) fn is_directory_current(&self, as_of: ChangeSequence) -> bool {
        self.is_current(as_of, [&self.any_instance])
    }

    /// Whether what is known of an instance, but for its tenants and apps, still counts.
    pub(crate) fn is_instance_current(&self, as_of: ChangeSequence, id: InstanceId) -> bool {
        self.is_current(as_of, [self.instances.of(id.as_bytes())])
    }

    /// Whether what is known of an app and its tenant still counts.
    pub(crate) fn is_app_current(&self, as_of: ChangeSequence, tenant_id: TenantId, id: AppId) -> bool {
        self.is_current(as_of, [self.tenants.of(tenant_id.as_bytes()), self.apps.of(id.as_bytes())])
    }

    /// Whether a client id that was unknown in an instance still is.
    pub(crate) fn is_absence_current(&self, as_of: ChangeSequence, id: InstanceId) -> bool {
        self.is_current(as_of, [self.new_apps.of(id.as_bytes())])
    }

    fn is_current<const N: usize>(&self, as_of: ChangeSequence, marks: [&AtomicI64; N]) -> bool {
        let is_older = |mark: &AtomicI64| mark.load(Ordering::Acquire) <= as_of.as_number();
        is_older(&self.everything) && marks.into_iter().all(is_older)
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::{GrantId, SecretId, TokenId, UserId};

    use super::*;

    const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
    const TENANT: TenantId = TenantId::from_bytes([2; 16]);
    const APP: AppId = AppId::from_bytes([3; 16]);

    const fn n(number: i64) -> ChangeSequence {
        ChangeSequence::from_number(number)
    }

    /// Which of directory, instance, app and absence are still current as of change 4, after change 5.
    fn after(scope: ChangeScope) -> [bool; 4] {
        let marks = ChangeMarks::default();
        marks.raise(scope, n(5));
        let at = |as_of| {
            [
                marks.is_directory_current(as_of),
                marks.is_instance_current(as_of, INSTANCE),
                marks.is_app_current(as_of, TENANT, APP),
                marks.is_absence_current(as_of, INSTANCE),
            ]
        };
        assert_eq!(at(n(5)), [true; 4], "what was read after the change knows of it");
        at(n(4))
    }

    #[test]
    fn a_change_makes_stale_what_it_is_about_and_nothing_else() {
        let secret = SecretId::from_bytes([4; 16]);
        let token = TokenId::from_bytes([5; 16]);
        for (scope, expected) in [
            (ChangeScope::Instance(INSTANCE), [false, false, true, true]),
            (ChangeScope::Tenant(INSTANCE, TENANT), [true, true, false, true]),
            (ChangeScope::App(INSTANCE, TENANT, APP), [true, true, false, true]),
            (ChangeScope::NewApp(INSTANCE, TENANT, APP), [true, true, false, false]),
            (ChangeScope::Secret(INSTANCE, TENANT, APP, secret), [true, true, false, true]),
            (ChangeScope::Token(INSTANCE, TENANT, APP, token), [true; 4]),
            (ChangeScope::User(INSTANCE, UserId::from_bytes([6; 16])), [true; 4]),
            (ChangeScope::Grant(INSTANCE, TENANT, APP, GrantId::from_bytes([7; 16])), [true; 4]),
            (ChangeScope::App(INSTANCE, TENANT, AppId::from_bytes([9; 16])), [true; 4]),
        ] {
            assert_eq!(after(scope), expected, "{scope:?}");
        }
    }

    #[test]
    fn where_changes_were_missed_everything_is_stale() {
        let marks = ChangeMarks::default();
        marks.raise_everything(n(7));
        assert!(!marks.is_app_current(n(6), TENANT, APP) && marks.is_app_current(n(7), TENANT, APP));
        assert!(!marks.is_directory_current(n(6)) && !marks.is_instance_current(n(6), INSTANCE));
    }

    #[test]
    fn marks_never_fall() {
        let marks = ChangeMarks::default();
        let scope = ChangeScope::App(INSTANCE, TENANT, APP);
        marks.raise(scope, n(9));
        marks.raise(scope, n(3));
        assert!(!marks.is_app_current(n(8), TENANT, APP));
    }
}
