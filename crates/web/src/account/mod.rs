//! Pages: where people sign in and look after their account, and what all pages have in common.

pub(crate) mod assets;
pub(crate) mod ceremony;
pub(crate) mod cookies;
pub(crate) mod error_page;
pub(crate) mod forgotten;
pub(crate) mod form_guard;
pub(crate) mod invitation;
pub(crate) mod link;
pub(crate) mod overview;
pub(crate) mod page;
pub(crate) mod page_form;
pub(crate) mod page_request;
pub(crate) mod password_rules;
pub(crate) mod paths;
pub(crate) mod person;
pub(crate) mod present_session;
pub(crate) mod readable;
pub(crate) mod return_to;
pub(crate) mod script_response;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod tick;
pub(crate) mod typed_token;
