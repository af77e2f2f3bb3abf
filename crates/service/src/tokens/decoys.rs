//! Apps that are read in the place of unknown ones, so that the answer to a client id that nobody has takes as
//! long as one to a wrong secret (requirement of ASVS 6.3.8).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;

/// For each instance the client id of an app that was seen there.
#[derive(Default)]
pub(crate) struct Decoys(Mutex<HashMap<InstanceId, ClientId>>);

impl Decoys {
    /// Remembers the first app that is seen in an instance.
    pub(crate) fn remember(&self, instance_id: InstanceId, client_id: &ClientId) {
        self.lock().entry(instance_id).or_insert_with(|| client_id.clone());
    }

    /// Forgets an app that is no longer there.
    pub(crate) fn forget(&self, instance_id: InstanceId) {
        self.lock().remove(&instance_id);
    }

    /// An app of the instance, if one was seen.
    pub(crate) fn of(&self, instance_id: InstanceId) -> Option<ClientId> {
        self.lock().get(&instance_id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InstanceId, ClientId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
