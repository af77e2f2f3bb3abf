//! The grants of the token endpoint: each a small unit, a new one is a new file and a line in [`GRANTS`].

use std::sync::Arc;

use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::token_response::TokenResponse;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::Admission;
use turnkeep_service::tokens::issue_token::IssueTokenDenial;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::error::connect_error::ConnectError;

mod client_credentials;

/// Every grant.
pub(super) const GRANTS: [Grant; 1] = [client_credentials::GRANT];

/// One grant.
pub(super) struct Grant {
    /// The value of `grant_type`.
    pub(super) grant_type: &'static str,
    /// Turns a request into work.
    pub(super) prepare: fn(GrantRequest) -> Result<GrantUseCase, ConnectError>,
}

/// A token request of a client that is still to be authenticated.
pub(super) struct GrantRequest {
    pub(super) issuer: Slug,
    pub(super) client: PresentedClient,
    pub(super) form: FormParameters,
    pub(super) request_id: RequestId,
    pub(super) admission: Arc<dyn Admission>,
}

/// The work: authenticates the client first, then looks at the grant.
pub(super) type GrantUseCase =
    Box<dyn Fn(&Authority, LookUp) -> Result<TokenResponse, Failure<IssueTokenDenial>> + Send>;
