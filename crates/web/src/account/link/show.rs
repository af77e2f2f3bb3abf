//! The page behind a link.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::form::Form;
use turnkeep_console::link_used::LinkUsedPage;
use turnkeep_console::render::Render;
use turnkeep_console::set_password::{PasswordOwner, SetPasswordMessage, SetPasswordPage};
use turnkeep_domain::user::User;
use turnkeep_service::sign_in::account_links::look_at_link;

use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::page_request::PageRequest;
use crate::account::password_rules::minimum_length;

/// What a form had in it before, apart from the password.
pub(super) struct Typed {
    pub(super) user_name: String,
    pub(super) display_name: String,
}

/// A link that works, as far as its page shows it.
pub(super) struct OpenLink {
    pub(super) token: String,
    /// Whose account it opens; `None` if it makes the first operator.
    pub(super) user: Option<User>,
}

/// `GET /account/link?token=…`.
pub(crate) async fn show_link(page: PageRequest) -> Result<HttpResponse, PageError> {
    let token = read_page_query(&page.request)?.take("token").unwrap_or_default();
    match open_link(&page, token).await? {
        Some(link) => {
            let typed = Typed { user_name: String::new(), display_name: String::new() };
            set_password_page(&page, &link, &typed, None, StatusCode::OK)
        }
        None => link_spent(&page),
    }
}

/// The link with this token, if it works.
pub(super) async fn open_link(page: &PageRequest, token: String) -> Result<Option<OpenLink>, PageError> {
    let issuer = page.issuer.clone();
    let looked = page.run(move |authority| {
        let view = look_at_link(authority, &issuer, &token)?;
        Ok(view.map(|view| OpenLink { token, user: view.user }))
    });
    looked.await
}

/// One page for all that is wrong with a link.
pub(super) fn link_spent(page: &PageRequest) -> Result<HttpResponse, PageError> {
    let (forgotten, sign_in) = (page.paths.to("/account/forgotten"), page.paths.sign_in());
    let html = LinkUsedPage { frame: page.frame(), forgotten_path: Some(&forgotten), sign_in_path: &sign_in };
    page.page(StatusCode::BAD_REQUEST, html.render())
}

pub(super) fn set_password_page(
    page: &PageRequest,
    link: &OpenLink,
    typed: &Typed,
    message: Option<SetPasswordMessage>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let (csrf, action) = (page.form_token(), page.paths.to("/account/link"));
    let html = SetPasswordPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: None },
        token: &link.token,
        person: match &link.user {
            Some(user) => PasswordOwner::User { user_name: user.name.as_str() },
            None => PasswordOwner::FirstOperator {
                user_name: &typed.user_name,
                display_name: &typed.display_name,
            },
        },
        // Whether there is a second factor is not shown to who has nothing but a link.
        minimum_length: minimum_length(false),
        message,
    };
    page.page(status, html.render())
}
