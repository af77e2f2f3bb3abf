//! The question whether an app may, and the person's answer to it (RFC 6749 §10.12, ASVS 10.7.1).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use turnkeep_console::consent::{ConsentPage, ConsentScope};
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_domain::scope::ScopeName;
use turnkeep_policy::authorization_facts::{ConsentAnswer, GivenConsent};
use turnkeep_policy::protocol_scopes::ProtocolScope;
use turnkeep_protocol::authorization_request::AuthorizationParameters;
use turnkeep_service::authorization::authorize::ConsentQuestion;
use turnkeep_service::authorization::consent_question::{
    AskedConsent, ConsentReply, open_question, seal_question,
};
use turnkeep_service::authorization::interaction::Interaction;
use turnkeep_service::authorization::redirect_address::{host_of, origin_of};

use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;
use crate::connect::authorization::proceed::{Arrival, Asking, proceed};

/// Shows the question.
pub(super) fn ask(
    page: &PageRequest,
    interaction: Interaction,
    question: &ConsentQuestion,
) -> Result<HttpResponse, PageError> {
    let redirect_uri = interaction.redirect_uri.clone();
    let asked = GivenConsent { user_id: question.user_id, scopes: question.scopes.clone() };
    let sealed = seal_question(&page.state.authority, &page.issuer, AskedConsent { interaction, asked })
        .map_err(|fault| page.fault(&fault))?;
    let scopes: Vec<ConsentScope> =
        question.scopes.iter().map(|name| consent_scope(name, &question.descriptions)).collect();
    let (action, csrf) = (page.paths.to("/connect/consent"), page.form_token());
    let html = ConsentPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: Some(&sealed) },
        app_name: question.app_name.as_str(),
        tenant_name: question.tenant_name.as_str(),
        redirect_host: host_of(&redirect_uri),
        scopes: &scopes,
        user_name: question.user_name.as_str(),
    }
    .render();
    page.page_towards(StatusCode::OK, html, Some(origin_of(&redirect_uri)))
}

/// Takes the answer.
pub(crate) async fn answer(page: PageRequest, payload: Payload) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    page.check_form(&mut form)?;
    let text = form.take("interaction").ok_or(PageError::InteractionExpired)?;
    let opened = open_question(&page.state.authority, &page.issuer, &text);
    let AskedConsent { interaction, asked } =
        opened.map_err(|fault| page.fault(&fault))?.ok_or(PageError::InteractionExpired)?;
    let answer = match form.take("decision").as_deref() {
        Some("allow") => ConsentAnswer::Given(asked),
        Some("deny") => ConsentAnswer::Denied,
        Some(_) | None => return Err(PageError::MalformedRequest),
    };
    let parameters = AuthorizationParameters::parse(interaction.request.as_bytes());
    let began_at = interaction.began_in(page.known_browser().as_ref());
    let reply = Some(ConsentReply::new(&text, answer));
    proceed(&page, Asking { parameters, began_at, reply, arrival: Arrival::Link }).await
}

fn consent_scope(name: &ScopeName, descriptions: &[(ScopeName, String)]) -> ConsentScope {
    let description = match ProtocolScope::of(name) {
        Some(ProtocolScope::OpenId) => "Know that it is you".to_owned(),
        Some(ProtocolScope::Profile) => "See your name".to_owned(),
        Some(ProtocolScope::Email) => "See your e-mail address".to_owned(),
        Some(ProtocolScope::OfflineAccess) => "Go on when you are signed out".to_owned(),
        None => {
            let known = descriptions.iter().find(|(described, _)| described == name);
            known.map(|(_, description)| description.clone()).unwrap_or_default()
        }
    };
    ConsentScope { name: name.to_string(), description }
}
