//! Mutations and batches of refusals at once leave one unbroken chain.

use std::thread;

use turnkeep_domain::id::UserId;
use turnkeep_domain::user::UserState;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::trail_file::TrailFile;
use crate::world::cheap_settings;

#[test]
fn mutations_and_refusals_at_once_leave_one_unbroken_chain() {
    let file = TrailFile::new();
    let nodes: Vec<_> = (0..4).map(|seed| file.world.restarted(&[1], cheap_settings(), 100 + seed)).collect();
    thread::scope(|scope| {
        for (number, node) in nodes.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..10 {
                    node.pending_tenant(&format!("Tenant {number} {round}"));
                    let nobody = node.context(Reach::Nowhere);
                    let user = UserId::from_bytes([0; 16]);
                    assert!(switch_user(&nobody, user, UserState::Active, None).is_err());
                    node.authority.keep_books().unwrap();
                }
            });
        }
    });
    assert_eq!(file.intact_entries(), 1 + 4 * 10 * 2);
    let trail = file.world.trail();
    assert_eq!(trail.iter().filter(|entry| entry.refusal.is_some()).count(), 40);
}
