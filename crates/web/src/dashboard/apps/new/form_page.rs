//! The form that makes an app, as it was filled in so far.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::new_app::{DomainField, NewAppForm, NewAppPage};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::notice::{Notice, Tone};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_console::render::Render;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::offer_regions::{RegionOffer, offer_regions};

use super::domain_preview::stored_form;
use super::typed::{DOMAIN_FIELDS, Typed};
use crate::account::error_page::PageError;
use crate::dashboard::apps::chrome_below_list;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, sentence};
use crate::dashboard::form_errors::FormErrors;

/// The page with the form.
pub(super) async fn form_page(
    dashboard: &DashboardRequest,
    typed: &Typed,
    errors: &FormErrors,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let offers = dashboard.read(offer_regions).await?;
    let path = |rest| apps_path(dashboard, rest);
    let form = NewAppForm {
        action: path("/new")?,
        name_check_path: path("/name-check")?,
        domain_preview_path: path("/domain-preview")?,
        region: region_field(&offers, typed, errors),
        name: name_field(typed, errors),
        login_redirect_uris: addresses_field(
            ("login_redirect_uris", "Redirect URLs"),
            "Where people come back to after they signed in. One per line.",
            &typed.login_redirect_uris,
            errors,
        ),
        logout_redirect_uris: addresses_field(
            ("logout_redirect_uris", "Post-logout URLs"),
            "Where people come back to after they signed out. One per line.",
            &typed.logout_redirect_uris,
            errors,
        ),
        domains: domain_fields(typed, errors),
    };
    let page = NewAppPage {
        chrome: chrome(dashboard, notice)?,
        form: Some(form),
        is_full: false,
        apps_path: path("")?,
    };
    dashboard.page(status, page.render())
}

/// The page without a form, for a tenant that gets no further app.
pub(super) fn refusal_page(
    dashboard: &DashboardRequest,
    denial: &RegistryDenial,
) -> Result<HttpResponse, PageError> {
    // Nobody did anything wrong.
    let notice = Notice { tone: Tone::Info, ..notice_of(denial) };
    let chrome = chrome(dashboard, Some(notice))?;
    let is_full = matches!(denial, RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { .. }));
    let page = NewAppPage { chrome, form: None, is_full, apps_path: apps_path(dashboard, "")? };
    dashboard.page(StatusCode::OK, page.render())
}

fn apps_path(dashboard: &DashboardRequest, rest: &str) -> Result<String, PageError> {
    Ok(dashboard.paths().tenant(dashboard.tenant()?.id, &format!("/apps{rest}")))
}

fn chrome(dashboard: &DashboardRequest, notice: Option<Notice>) -> Result<Chrome<'_>, PageError> {
    Ok(Chrome { notice, ..chrome_below_list(dashboard, dashboard.tenant()?) })
}

fn region_field(offers: &[RegionOffer], typed: &Typed, errors: &FormErrors) -> ChoiceField {
    let usable: Vec<_> = offers.iter().filter(|offer| offer.denial.is_none()).collect();
    let chosen = match (typed.region.as_str(), usable.as_slice()) {
        // Nobody has to choose among one.
        ("", [only]) => only.region.code.to_string(),
        (chosen, _) => chosen.to_owned(),
    };
    let hint = if usable.is_empty() {
        "No region takes new apps at the moment. Whoever operates this instance can change that."
    } else {
        "Where the app's data is kept and licensed. It cannot be changed later."
    };
    // That nothing is no code of a region helps nobody.
    let plain = |error| if typed.region.is_empty() { "Choose a region.".to_owned() } else { error };
    // What changed since the form was shown is found out only now.
    let of_offer = offers.iter().find(|offer| offer.region.code.as_str() == chosen);
    let of_offer = of_offer.and_then(|offer| offer.denial).map(|denial| sentence(&denial.to_string()));
    let error = errors.of("region").map(plain).or(of_offer);
    ChoiceField {
        id: "region".into(),
        name: "region".into(),
        label: "1. Region".into(),
        chosen,
        choices: offers.iter().map(region_choice).collect(),
        hint: Some(hint.into()),
        error,
        style: ChoiceStyle::Buttons,
    }
}

fn region_choice(offer: &RegionOffer) -> Choice {
    let label = format!("{} ({})", offer.region.name, offer.region.code);
    Choice {
        hint: offer.denial.map(|denial| sentence(&denial.to_string()).into()),
        is_disabled: offer.denial.is_some(),
        ..Choice::of(offer.region.code.to_string(), label)
    }
}

fn name_field(typed: &Typed, errors: &FormErrors) -> TextField {
    TextField {
        hint: Some("What people call it. No other app of the tenant may have the same name.".into()),
        error: errors.of("name"),
        required: true,
        ..TextField::line("name", "Name", typed.name.clone())
    }
}

fn addresses_field(
    (name, label): (&'static str, &'static str),
    hint: &'static str,
    typed: &str,
    errors: &FormErrors,
) -> TextField {
    TextField {
        id: name.replace('_', "-").into(),
        kind: TextKind::Lines,
        hint: Some(hint.into()),
        error: errors.of_lines(name),
        ..TextField::line(name, label, typed.to_owned())
    }
}

fn domain_fields(typed: &Typed, errors: &FormErrors) -> Vec<DomainField> {
    let stored = typed.domains.each_ref().map(|text| stored_form(text).ok());
    let labels = ["Domain 1", "Domain 2", "Domain 3"];
    let mut fields = Vec::new();
    for (index, ((name, label), text)) in
        DOMAIN_FIELDS.into_iter().zip(labels).zip(&typed.domains).enumerate()
    {
        let of_slot = errors.of(&format!("allowed_domains.{index}"));
        let own = stored.get(index).cloned().flatten();
        // What is wrong with all of them together is that one is there twice: it is said at the second one.
        let is_repeated = own.is_some() && stored.iter().take(index).any(|earlier| *earlier == own);
        let field = TextField {
            id: name.replace('_', "-").into(),
            error: of_slot.or_else(|| errors.of_itself("allowed_domains").filter(|_| is_repeated)),
            ..TextField::line(name, label, text.clone())
        };
        fields.push(DomainField { field, stored: own });
    }
    fields
}
