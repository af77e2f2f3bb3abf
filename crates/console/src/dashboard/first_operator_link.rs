//! The page that shows the link by which somebody becomes the first operator of an instance, once.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The link.
#[derive(Template)]
#[template(path = "dashboard/first_operator_link.html")]
pub struct FirstOperatorLinkPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the instance is called.
    pub instance: String,
    /// The link itself.
    pub link: &'a str,
    /// Until when it works.
    pub expires_at: Moment,
    /// The path of the instance's page.
    pub instance_path: String,
}
