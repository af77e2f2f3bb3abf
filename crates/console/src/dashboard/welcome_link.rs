//! The page that shows the link with which a person chooses a first password, once.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The link.
#[derive(Template)]
#[template(path = "dashboard/welcome_link.html")]
pub struct WelcomeLinkPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the person is called.
    pub person: String,
    /// The link itself.
    pub link: &'a str,
    /// Until when it works.
    pub expires_at: Moment,
    /// Where it was mailed to.
    pub mailed_to: Option<String>,
    /// The path of the person's page.
    pub person_path: String,
}
