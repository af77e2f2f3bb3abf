//! What mails say. Names in them are those of records; nothing is of the request that caused them.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::membership::Role;
use turnkeep_domain::user::User;
use turnkeep_secret::plaintext::PlaintextSecret;

/// A mail without its address.
pub(crate) struct MailText {
    pub(crate) subject: String,
    pub(crate) text: PlaintextSecret,
}

/// To somebody who is to choose a password for the first time.
pub(crate) fn welcome(instance: &DisplayName, user: &User, url: &PlaintextSecret) -> MailText {
    let (name, user_name, url) = (&user.display_name, &user.name, url.expose());
    let days = AccountLinkPurpose::Welcome(user.id).lifetime().as_secs() / 86_400;
    MailText {
        subject: format!("Your account at {}", instance.as_str()),
        text: PlaintextSecret::new(format!(
            "Hello {},\n\n\
             there is an account for you at {}, with the user name {user_name}.\n\
             Open this link to choose a password:\n\n\
             {url}\n\n\
             It works once, and for {days} days. Whoever has it can use the account: keep it to yourself.\n",
            name.as_str(),
            instance.as_str(),
        )),
    }
}

/// To somebody who has forgotten the password, or of whom somebody else says so.
pub(crate) fn reset(instance: &DisplayName, user: &User, url: &PlaintextSecret) -> MailText {
    let (name, user_name, url) = (&user.display_name, &user.name, url.expose());
    let minutes = AccountLinkPurpose::Reset(user.id).lifetime().as_secs() / 60;
    MailText {
        subject: format!("A new password for {}", instance.as_str()),
        text: PlaintextSecret::new(format!(
            "Hello {},\n\n\
             somebody asked for a new password for your account {user_name} at {}.\n\
             If it was you, open this link to choose one:\n\n\
             {url}\n\n\
             It works once, and for {minutes} minutes. If it was not you, there is nothing to do: your password stays \
             as it is.\n",
            name.as_str(),
            instance.as_str(),
        )),
    }
}

/// To somebody who is invited into a tenant. Which one is on the page behind the link only: tenants choose their names
/// themselves, and would have a way to write to people.
pub(crate) fn invitation_to(
    instance: &DisplayName,
    user: &User,
    role: Role,
    url: &PlaintextSecret,
) -> MailText {
    let (name, user_name, url) = (&user.display_name, &user.name, url.expose());
    let hours = Invitation::LIFETIME.as_secs() / 3_600;
    MailText {
        subject: format!("An invitation at {}", instance.as_str()),
        text: PlaintextSecret::new(format!(
            "Hello {},\n\n\
             you are invited into a tenant of {}, as: {role}.\n\
             Open this link to see which one, and to accept. You have to be signed in as {user_name}:\n\n\
             {url}\n\n\
             It works once, and for {hours} hours. If you expect no invitation, there is nothing to do.\n",
            name.as_str(),
            instance.as_str(),
        )),
    }
}
