//! Room is asked for on behalf of clients that authenticated, and of nobody else.

use std::sync::{Arc, Mutex};

use turnkeep_service::failure::Failure;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::{Admission, Applicant, NotAdmitted};
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;

use crate::world::{TestApp, World};

/// Has room for nobody, and knows who asked.
#[derive(Debug, Default)]
pub(crate) struct Full {
    asked: Mutex<Vec<Applicant>>,
}

impl Full {
    /// As commands want it.
    pub(crate) fn shared() -> Arc<dyn Admission> {
        Arc::new(Self::default())
    }

    pub(crate) fn asked(&self) -> Vec<Applicant> {
        self.asked.lock().unwrap().clone()
    }
}

impl Admission for Full {
    fn admit(&self, applicant: &Applicant) -> Result<(), NotAdmitted> {
        self.asked.lock().unwrap().push(*applicant);
        Err(NotAdmitted)
    }
}

#[test]
fn a_client_that_authenticated_gets_no_token_without_room() {
    let world = World::new();
    let app = world.app(&world.tenant("Acme"), "Invoices");
    let full = Arc::new(Full::default());
    let command = IssueTokenCommand { admission: full.clone(), ..world.request(&app) };
    let denied = issue_token(&world.authority, &command, LookUp::Anywhere).unwrap_err();
    assert!(matches!(denied, Failure::Denied(IssueTokenDenial::NotAdmitted(_))), "{denied:?}");
    assert_eq!(
        full.asked(),
        [Applicant { app_id: app.id, tenant_id: app.tenant_id, tokens_per_minute: None }]
    );
}

#[test]
fn nobody_is_asked_on_behalf_of_a_client_that_did_not_authenticate() {
    let world = World::new();
    let app = world.app(&world.tenant("Acme"), "Invoices");
    for (client_id, secret) in [(app.client_id.as_str(), "wrong"), ("com.example/nobody", "wrong")] {
        let full = Arc::new(Full::default());
        let stranger =
            TestApp { client_id: client_id.to_owned(), secret: Some(secret.to_owned()), ..app.clone() };
        let command = IssueTokenCommand { admission: full.clone(), ..world.request(&stranger) };
        let denied = issue_token(&world.authority, &command, LookUp::Anywhere).unwrap_err();
        assert!(matches!(denied, Failure::Denied(IssueTokenDenial::Token(_))), "{denied:?}");
        assert!(full.asked().is_empty());
    }
}
