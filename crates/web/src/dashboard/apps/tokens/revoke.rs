//! `POST …/apps/{app}/tokens/{token}/revoke`: a reference token that stops to work at its next use.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::ReferenceTokenId;
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;

use super::show::tokens_page;
use crate::account::error_page::PageError;
use crate::account::typed_token::TypedToken;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::UrgentDashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;

/// Takes one back.
pub(crate) async fn submit_revocation(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (app_id, id) = (page.app().id, page.dashboard.path_id::<ReferenceTokenId>("token")?);
    match page.dashboard.act(move |context| revoke_reference_token(context, app_id, id)).await? {
        Ok(()) => Ok(page.dashboard.done(&page.path("/tokens"), "revoked")),
        Err(denial) => {
            let nothing = (&TypedToken::default(), &FormErrors::default());
            tokens_page(&page, page_status(&denial), Some(notice_of(&denial)), nothing).await
        }
    }
}
