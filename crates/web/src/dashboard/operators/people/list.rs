//! `GET /dashboard/people`.

use actix_web::HttpResponse;
use turnkeep_console::dashboard::list_page::{ListFilter, ListPage, ListedTable, Nothing};
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::{User, UserState};
use turnkeep_service::registry::manage_user::list_users;

use super::{kind_in_words, person_path, state_in_words};
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{cut, next_path, page_after};
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::place::{OperatorPlace, Place, crumb};
use crate::dashboard::shown::moment;
use crate::management::users::{KINDS, STATES};

const ANY_KIND: [(&str, &str); 4] =
    [("", "Every kind"), ("internal", "Internal"), ("community", "Community"), ("system", "System")];

const ANY_STATE: [(&str, &str); 3] = [("", "Every state"), ("active", "Active"), ("disabled", "Disabled")];

/// The list.
pub(crate) async fn show_people(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut query = dashboard.query()?;
    let filled = FilledForm::read(&mut query, &["search", "kind", "state"]);
    let after: Option<UserId> = query.take("after").and_then(|id| id.parse().ok());
    let (filled, filter) = filled.filter_by(|filled, errors| UserFilter {
        search: filled.searched(errors),
        kind: filled.chosen(errors, "kind", &KINDS),
        state: filled.chosen(errors, "state", &STATES),
    });
    let texts = ["search", "kind", "state"].map(|name| (name, filled.text(name)));
    let is_filtered = filter != Some(UserFilter::default());
    let mut users = match filter {
        Some(filter) => {
            dashboard.read(move |context| list_users(context, &filter, &page_after(after))).await?
        }
        None => Vec::new(),
    };
    let (paths, path) = (dashboard.paths(), dashboard.paths().operator_place(OperatorPlace::People));
    let kept: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let next = cut(&mut users).map(|last| next_path(&path, &kept, &last.id));
    let nothing = if is_filtered { Nothing::Found } else { NONE_YET };
    let status = filled.status();
    let view = ListPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::People), Vec::new()),
        title: "People".to_owned(),
        lead: "Everybody who can sign in here, and the system users that background services act as.",
        links: vec![
            ("new-person-link", crumb("New person", paths.to("/dashboard/people/new"))),
            ("operators-link", crumb("Operators", paths.to("/dashboard/people/operators"))),
        ],
        filter: Some(ListFilter {
            action: path,
            fields: vec![
                FormField::Text(filled.search("In a name")),
                FormField::Choice(filled.choice("kind", "Kind", &ANY_KIND)),
                FormField::Choice(filled.choice("state", "State", &ANY_STATE)),
            ],
        }),
        tables: (!users.is_empty()).then(|| table(paths, &users)).into_iter().collect(),
        nothing: (users.is_empty() && status.is_success()).then_some(nothing),
        next_path: next,
    };
    dashboard.page(status, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "Nobody yet",
    text: "Make the first person, then hand over the link with which they choose their password.",
};

fn table(paths: &PagePaths, users: &[User]) -> ListedTable {
    let row = |user: &User| {
        vec![
            Cell::Link { path: person_path(paths, user.id, ""), text: user.display_name.to_string() },
            Cell::Code(user.name.to_string()),
            Cell::Text(kind_in_words(user.kind).to_owned()),
            Cell::State {
                word: state_in_words(user.state).to_owned(),
                is_on: user.state == UserState::Active,
            },
            Cell::Text(user.email.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)),
            Cell::Moment(moment(user.created_at)),
        ]
    };
    ListedTable::alone(DataTable {
        id: "people".into(),
        label: "People".into(),
        headings: vec!["Name", "User name", "Kind", "State", "E-mail", "Made"],
        rows: users.iter().map(row).collect(),
    })
}
