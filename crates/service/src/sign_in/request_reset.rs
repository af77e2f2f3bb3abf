//! Asking for a new password without being signed in.
//!
//! Who asks learns nothing: a request is put aside, whomever it names, and looked at a moment later, when the books are
//! kept. Neither the answer nor the time it takes depends on whether there is such a user.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::generated::SecretKind;

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::make_handle;
use crate::sign_in::account_links::{can_sign_in, insert_link, link_url};
use crate::sign_in::device::known_device;
use crate::sign_in::events::Deed;
use crate::sign_in::mail_texts::reset;
use crate::sign_in::person::find_user;
use crate::sign_in::throttle::Guess;

/// How many requests wait at most; more are given up.
const CAPACITY: usize = 1_000;

/// The longest name that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 254;

/// What somebody asked for.
#[derive(Clone)]
pub struct ResetRequest {
    /// Where.
    pub issuer: Slug,
    /// A user name or an e-mail address.
    pub user_name: String,
    /// What the browser was given when somebody signed in with it before, if it shows that.
    pub device: Option<String>,
    /// The request.
    pub request_id: Option<RequestId>,
}

impl fmt::Debug for ResetRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetRequest").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Requests that nobody has looked at yet.
#[derive(Default)]
pub(crate) struct WaitingResets(Mutex<VecDeque<ResetRequest>>);

impl WaitingResets {
    fn push(&self, request: ResetRequest) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < CAPACITY {
            waiting.push_back(request);
        }
    }

    fn pop(&self) -> Option<ResetRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl fmt::Debug for WaitingResets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WaitingResets(…)")
    }
}

/// Takes a request for a new password. A mail goes out soon to a person with that name or address who may sign in and
/// has an address, and to nobody else.
pub fn request_reset(authority: &Authority, request: ResetRequest) {
    if request.user_name.len() <= MAX_NAME_BYTES {
        authority.resets.push(request);
    }
}

/// Looks at all requests that wait.
pub(crate) fn answer_resets(authority: &Authority) -> Result<(), Fault> {
    while let Some(request) = authority.resets.pop() {
        if let Err(fault) = answer(authority, &request) {
            authority.resets.push(request);
            return Err(fault);
        }
    }
    Ok(())
}

fn answer(authority: &Authority, request: &ResetRequest) -> Result<(), Fault> {
    let found = authority.store.read(|reads| {
        let Some(instance) = reads.find_instance_by_slug(&request.issuer)? else {
            return Ok(None);
        };
        let user = find_user(reads, instance.id, &request.user_name)?;
        Ok(user.filter(can_sign_in).map(|user| (instance, user)))
    })?;
    let Some((instance, user)) = found else {
        return Ok(());
    };
    let Some(email) = user.email.clone() else {
        return Ok(());
    };
    let known_by = match &request.device {
        Some(device) => known_device(authority, &request.issuer, user.id, device)?,
        None => None,
    };
    let guess = Guess::reset_for(instance.id, known_by.as_deref(), &user.id.to_string());
    let Ok(attempt) = authority.throttle.admit(&guess, authority.clock.since_boot()) else {
        return Ok(());
    };
    let handle = make_handle(authority, SecretKind::AccountLink);
    let deed =
        Deed { authority, instance_id: instance.id, actor: Actor::Anonymous, request_id: request.request_id };
    let now = authority.now();
    authority.store.admit(|admits| {
        insert_link(admits, instance.id, AccountLinkPurpose::Reset(user.id), &handle, now)?;
        append_event(authority, admits, &deed.done("password.ask_reset", user.id, Vec::new()))
    })?;
    // However many are asked for, nobody gets more than a few.
    attempt.failed();
    let url = link_url(authority, &instance.slug, &handle.plaintext);
    let mail = reset(&instance.name, &user, &url);
    authority.mail.send(&email, &mail.subject, &mail.text);
    Ok(())
}
