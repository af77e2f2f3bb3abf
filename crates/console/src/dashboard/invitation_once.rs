//! The answer to an invitation: the link that the invited person follows, shown this once.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The page. It is never shown again, and no redirect leads to it.
#[derive(Template)]
#[template(path = "dashboard/invitation_once.html")]
pub struct InvitationOncePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// Who is invited.
    pub user_name: String,
    /// As what.
    pub role: String,
    /// From when on the link does not work.
    pub expires_at: Moment,
    /// The link. Whoever is invited signs in to follow it.
    pub link: &'a str,
    /// The path of the members.
    pub members_path: String,
}
