//! `POST /dashboard/instances/{id}/first-operator`: makes the link by which somebody becomes the first operator of an
//! instance, and shows it once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::{Chrome, Link};
use turnkeep_console::dashboard::first_operator_link::FirstOperatorLinkPage;
use turnkeep_console::parts::notice::{Notice, Tone};
use turnkeep_console::render::Render;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_service::people::instance_operators::link_first_operator;

use super::one::{chrome, find, page_that_says, path_of};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::notice_of_link;
use crate::dashboard::form_once::form_once;
use crate::dashboard::place::crumb;
use crate::dashboard::shown::moment;

/// The link.
pub(crate) async fn submit_first_operator(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let instance = find(&dashboard).await?;
    let claim = form_once(&dashboard, &mut form)?;
    if instance.state == InstanceState::Disabled {
        return page_that_says(
            &dashboard,
            &instance,
            problem("The instance is disabled: the link would not work."),
        )
        .await;
    }
    let id = instance.id;
    let link = match dashboard.act_once(claim, move |context| link_first_operator(context, id)).await? {
        Ok(Some(link)) => link,
        Ok(None) => {
            return page_that_says(&dashboard, &instance, problem("Somebody operates the instance already."))
                .await;
        }
        Err(denial) => return page_that_says(&dashboard, &instance, notice_of_link(&denial)).await,
    };
    let instance_path = path_of(&dashboard, id);
    let view = FirstOperatorLinkPage {
        chrome: chrome_below(&dashboard, &instance, &instance_path),
        instance: instance.name.to_string(),
        link: link.url.expose(),
        expires_at: moment(link.expires_at),
        instance_path,
    };
    dashboard.page(StatusCode::OK, view.render())
}

fn chrome_below<'a>(dashboard: &'a DashboardRequest, instance: &Instance, path: &str) -> Chrome<'a> {
    let above = chrome(dashboard);
    let own: Link = crumb(instance.name.to_string(), path.to_owned());
    let crumbs = above.crumbs.iter().cloned().chain([own]).collect();
    Chrome { crumbs, ..above }
}

fn problem(text: &str) -> Notice {
    Notice { tone: Tone::Problem, code: None, text: text.to_owned() }
}
