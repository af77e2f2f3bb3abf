//! Turns a page into text.

use askama::Template;

/// A template could not be written. Pages hold texts only, so this is a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be rendered")]
pub struct RenderError(#[source] askama::Error);

/// Renders a page.
///
/// # Errors
///
/// When a template fails, which texts and numbers do not cause.
pub(crate) fn render(page: &impl Template) -> Result<String, RenderError> {
    page.render().map_err(RenderError)
}
