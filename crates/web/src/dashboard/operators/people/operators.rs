//! `GET /dashboard/people/operators`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::list_page::{ListPage, ListedTable, Nothing};
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::render::Render;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::UserState;
use turnkeep_service::people::manage_operators::{Operator, list_operators};
use turnkeep_service::registry::context::RegistryContext;

use super::{person_path, state_in_words};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{cut, next_path, page_after};
use crate::dashboard::place::{OperatorPlace, Place, crumb, crumb_to_place};
use crate::dashboard::shown::moment;

/// The list.
pub(crate) async fn show_operators(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let after: Option<UserId> = dashboard.query()?.take("after").and_then(|id| id.parse().ok());
    let list = move |context: &RegistryContext<'_>| {
        list_operators(context, &UserFilter::default(), &page_after(after))
    };
    let mut operators = dashboard.read(list).await?;
    let (paths, path) = (dashboard.paths(), dashboard.paths().to("/dashboard/people/operators"));
    let next = cut(&mut operators).map(|last| next_path(&path, &[], &last.user.id));
    let row = |Operator { user, since }: &Operator| {
        vec![
            Cell::Link { path: person_path(paths, user.id, ""), text: user.display_name.to_string() },
            Cell::Code(user.name.to_string()),
            Cell::State {
                word: state_in_words(user.state).to_owned(),
                is_on: user.state == UserState::Active,
            },
            Cell::Moment(moment(*since)),
        ]
    };
    let table = DataTable {
        id: "operators".into(),
        label: "Operators".into(),
        headings: vec!["Name", "User name", "State", "Operator since"],
        rows: operators.iter().map(row).collect(),
    };
    let people = paths.operator_place(OperatorPlace::People);
    let view = ListPage {
        chrome: dashboard.chrome(
            Place::Operator(OperatorPlace::People),
            vec![crumb_to_place(paths, OperatorPlace::People)],
        ),
        title: "Operators".to_owned(),
        lead: "They may do everything here. The page of an internal person makes them one, or takes it back.",
        links: vec![("people-link", crumb("Find a person", format!("{people}?kind=internal")))],
        filter: None,
        nothing: operators.is_empty().then_some(NONE_YET),
        tables: (!operators.is_empty()).then(|| ListedTable::alone(table)).into_iter().collect(),
        next_path: next,
    };
    dashboard.page(StatusCode::OK, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "No operator yet",
    text: "This instance is looked after by the operators of the default one. Make one of its people an operator.",
};
