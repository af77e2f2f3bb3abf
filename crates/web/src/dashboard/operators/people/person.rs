//! `GET` and `POST /dashboard/people/{user}`.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::step_panel::{Step, StepPanel, StepWay};
use turnkeep_console::render::Render;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_policy::decide_operator::decide_operator;
use turnkeep_protocol::management::user::UpdateUserRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::people::manage_operators::is_operator;
use turnkeep_service::people::update_user::update_user;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_user::find_user;

use super::{kind_in_words, person_path, state_in_words};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_once::once;
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::{FilledForm, set_or_clear};
use crate::dashboard::operators::refusal::{Refusal, attempt};
use crate::dashboard::place::{OperatorPlace, Place, crumb_to_place};
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;
use crate::management::users::update::changes_of;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("made", "The person is there. Make a welcome link, so that they can choose a password."),
    ("system-made", "The system user is there. Apps can act as it."),
    ("saved", "The person is changed."),
    ("enabled", "They can sign in again. What was stopped stays stopped."),
    ("disabled", "They are disabled: sessions, tokens, and apps that act as them have ended."),
    ("signed-out", "They are signed out everywhere, and what apps were granted by them has ended."),
    ("operator-added", "They operate this instance from now on."),
    ("operator-removed", "They no longer operate this instance."),
];

/// The user as they are.
pub(crate) async fn show_person(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, as_they_are).await
}

/// Changes them.
pub(crate) async fn submit_person(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let (id, version) = (dashboard.path_id::<UserId>("user")?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &["display_name", "email"]);
    let mut errors = FieldErrors::default();
    let request = UpdateUserRequest {
        display_name: Patch::Set(filled.text("display_name")),
        email: set_or_clear(filled.filled("email")),
    };
    let changes = changes_of(&mut errors, request);
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_user(context, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&person_path(dashboard.paths(), id, ""), "saved")),
        Err(refusal) => answer(&dashboard, |_| filled.refused(refusal)).await,
    }
}

/// The page after a step was refused.
pub(super) async fn show_refused(
    dashboard: &DashboardRequest,
    refusal: Refusal,
) -> Result<HttpResponse, PageError> {
    answer(dashboard, |user| as_they_are(user).refused(refusal)).await
}

/// The user of the address.
pub(super) async fn find(dashboard: &DashboardRequest) -> Result<User, PageError> {
    let id: UserId = dashboard.path_id("user")?;
    dashboard.read(move |context| find_user(context, id)).await
}

fn as_they_are(user: &User) -> FilledForm {
    let email = user.email.as_ref().map(ToString::to_string).unwrap_or_default();
    FilledForm::of([("display_name", user.display_name.to_string()), ("email", email)])
}

/// The user, and whether they operate the instance.
fn with_office(context: &RegistryContext<'_>, id: UserId) -> RegistryResult<(User, bool)> {
    let user = find_user(context, id)?;
    Ok((user, is_operator(context, id)?))
}

async fn answer(
    dashboard: &DashboardRequest,
    filled: impl FnOnce(&User) -> FilledForm,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let id: UserId = dashboard.path_id("user")?;
    let (user, is_operator) = dashboard.read(move |context| with_office(context, id)).await?;
    let filled = filled(&user);
    let crumbs = vec![crumb_to_place(dashboard.paths(), OperatorPlace::People)];
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::People), crumbs);
    let csrf = chrome.csrf.clone();
    let steps = StepPanel {
        id: "access".into(),
        title: "Access".into(),
        csrf: csrf.clone(),
        steps: steps(dashboard, &user, is_operator),
    };
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: user.display_name.to_string(),
        lead: is_operator.then_some("Operates this instance."),
        state: Some((state_in_words(user.state).to_owned(), user.state == UserState::Active)),
        facts: facts(&user),
        panels: vec![Panel::Steps(steps), Panel::Form(form(dashboard, &user, &filled, csrf))],
    };
    dashboard.page(filled.status(), view.render())
}

fn facts(user: &User) -> Vec<RecordFact> {
    let fact = |id, label, value| RecordFact { id, label, value };
    vec![
        fact("user-name", "User name", FactValue::Code(user.name.to_string())),
        fact("user-kind", "Kind", FactValue::Text(kind_in_words(user.kind).to_owned())),
        fact("user-id", "Id", FactValue::Code(user.id.to_string())),
        fact("state-since", "In this state since", FactValue::Moment(moment(user.state_since))),
    ]
}

fn form(dashboard: &DashboardRequest, user: &User, filled: &FilledForm, csrf: String) -> FormPanel {
    FormPanel {
        id: "person-form".into(),
        title: "Name and e-mail".into(),
        action: person_path(dashboard.paths(), user.id, ""),
        csrf: Some(csrf),
        version: Some(user.version.as_number()),
        fields: vec![
            FormField::Text(filled.display_name("display_name", "Name")),
            FormField::Text(filled.line("email", "E-mail address")),
        ],
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    }
}

/// What can be done with them: nobody signs in as a system user, and who is disabled gets no link.
fn steps(dashboard: &DashboardRequest, user: &User, is_operator: bool) -> Vec<Step> {
    let (is_person, is_active) = (user.kind != UserKind::System, user.state == UserState::Active);
    let step = |id: &'static str, name: &'static str, hint: &'static str, is_danger| Step {
        id,
        name: name.into(),
        hint: hint.into(),
        way: StepWay::Sent { action: person_path(dashboard.paths(), user.id, &format!("/{id}")), is_danger },
        button: name.into(),
    };
    let welcome = (is_person && is_active).then(|| {
        let hint = match user.email {
            Some(_) => {
                "With it they choose a password. It is mailed, and shown to you once. One that was made before stops working."
            }
            None => {
                "With it they choose a password. It is shown to you once, for handing over. One that was made before stops \
                 working."
            }
        };
        let action = person_path(dashboard.paths(), user.id, "/welcome");
        Step {
            way: StepWay::SentOnce { action, once: once(dashboard) },
            ..step("welcome", "Make a welcome link", hint, false)
        }
    });
    let sign_out = (is_person && is_active).then(|| {
        step(
            "sign-out-everywhere",
            "Sign out everywhere",
            "Ends their sessions and what apps were granted by them.",
            true,
        )
    });
    let office = match (is_operator, decide_operator(user).is_ok() && is_active) {
        (true, _) => Some(step("remove-operator", "Remove as operator", "They keep everything else.", true)),
        (false, true) => Some(step(
            "make-operator",
            "Make operator",
            "They may do everything in this instance then.",
            false,
        )),
        (false, false) => None,
    };
    let switch = if is_active {
        let hint =
            "Ends their sessions and tokens, and stops apps that act as them, before the page answers.";
        step("disable", "Disable", hint, true)
    } else {
        step("enable", "Enable", "They can act again. What was stopped stays stopped.", false)
    };
    [welcome, office, sign_out, Some(switch)].into_iter().flatten().collect()
}
