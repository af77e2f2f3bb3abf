//! The page of a record that is yet to be made: one form.

use actix_web::HttpResponse;
use turnkeep_console::dashboard::chrome::{Chrome, Link};
use turnkeep_console::dashboard::record_page::{Panel, RecordPage};
use turnkeep_console::parts::form_panel::FormPanel;
use turnkeep_console::render::Render;

use super::filled_form::FilledForm;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::place::{OperatorPlace, Place};

/// The page.
pub(super) struct NewRecordPage {
    /// Where it belongs.
    pub(super) place: OperatorPlace,
    /// The way to it.
    pub(super) crumbs: Vec<Link>,
    /// What is made.
    pub(super) title: &'static str,
    /// What to know before.
    pub(super) lead: Option<&'static str>,
    /// The form, which is bound to the session here.
    pub(super) form: FormPanel,
}

impl NewRecordPage {
    /// The answer with it, after what became of the form so far.
    pub(super) fn answer(
        self,
        dashboard: &DashboardRequest,
        filled: &FilledForm,
    ) -> Result<HttpResponse, PageError> {
        let chrome = dashboard.chrome(Place::Operator(self.place), self.crumbs);
        let form = FormPanel { csrf: Some(chrome.csrf.clone()), ..self.form };
        let view = RecordPage {
            chrome: Chrome { notice: filled.notice(), ..chrome },
            title: self.title.to_owned(),
            lead: self.lead,
            state: None,
            facts: Vec::new(),
            panels: vec![Panel::Form(form)],
        };
        dashboard.page(filled.status(), view.render())
    }
}
