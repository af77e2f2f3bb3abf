//! Who is in a tenant and who is invited into it.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::text_field::TextField;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/members.html")]
pub struct MembersPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The members of this page, by user name.
    pub members: Vec<MemberItem>,
    /// The path of the next page.
    pub next_path: Option<String>,
    /// The form that invites somebody; nothing for who may not.
    pub invite: Option<InviteForm>,
    /// The invitations that nobody took yet, expired ones included.
    pub invitations: Vec<InvitationItem>,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberItem {
    /// What people call them.
    pub display_name: String,
    /// What they sign in with.
    pub user_name: String,
    /// What they are here.
    pub role: String,
    /// Since when.
    pub since: Moment,
    /// Whether that is the reader.
    pub is_self: bool,
    /// What is out of the ordinary about their account: `disabled`.
    pub state: Option<String>,
    /// The version that the forms are about.
    pub version: i64,
    /// The form that changes the role; nothing for who may not.
    pub role_form: Option<RoleForm>,
    /// The path that ends the membership; nothing for who may not.
    pub remove_action: Option<String>,
}

/// Changes a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleForm {
    /// Where it is sent.
    pub action: String,
    /// The role.
    pub role: ChoiceField,
}

/// Invites somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteForm {
    /// Where it is sent.
    pub action: String,
    /// Whom.
    pub user_name: TextField,
    /// As what.
    pub role: ChoiceField,
}

/// An invitation that nobody took yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationItem {
    /// Who is invited.
    pub user_name: String,
    /// As what.
    pub role: String,
    /// Who invited them, in words.
    pub invited_by: String,
    /// From when on it cannot be accepted.
    pub expires_at: Moment,
    /// Whether that is over.
    pub is_expired: bool,
    /// The version that the forms are about.
    pub version: i64,
    /// The paths that send it again and that take it back; nothing for who may not.
    pub actions: Option<InvitationActions>,
}

/// What can be done about an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationActions {
    /// The path that sends it again.
    pub resend: String,
    /// The path that takes it back.
    pub cancel: String,
}

impl MemberItem {
    fn has_forms(&self) -> bool {
        self.role_form.is_some() || self.remove_action.is_some()
    }
}
