//! Turns a page into text.

use askama::Template;

use crate::shown_errors::announce;

/// A template could not be written. Pages hold texts only, so this is a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be rendered")]
pub struct RenderError(#[source] askama::Error);

/// What every page can do; it hides which kind of templates they are.
pub trait Render {
    /// The page as HTML. If it shows what went wrong, it says so in its title and begins there.
    ///
    /// # Errors
    ///
    /// When the template fails, which texts and numbers do not cause.
    fn render(&self) -> Result<String, RenderError>;
}

impl<P: Template> Render for P {
    fn render(&self) -> Result<String, RenderError> {
        Template::render(self).map(announce).map_err(RenderError)
    }
}
