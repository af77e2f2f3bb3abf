//! The question whether an app may, while it is on the screen: bound to who is asked and to what was shown, so that an
//! answer is never taken for that of somebody else, or to something else. Each is answered once: what a browser sends
//! again does not undo what the person did since.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::authorization_facts::{ConsentAnswer, GivenConsent};
use turnkeep_storage::single_use::SingleUse;

use crate::authority::Authority;
use crate::authorization::interaction::{Interaction, StoredInteraction};
use crate::failure::Fault;
use crate::handles::handle_hash;

/// How long a person may think about it.
const LIFETIME: Duration = Duration::from_secs(3_600);

const PURPOSE: &str = "consent";

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedConsent {
    /// The request that it is about.
    pub interaction: Interaction,
    /// What an "allow" stands for.
    pub asked: GivenConsent,
}

/// What a person answered to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentReply {
    /// The answer.
    pub(crate) answer: ConsentAnswer,
    question_hash: [u8; 32],
}

impl ConsentReply {
    /// The answer to a question, by the text that it was sealed in.
    pub fn new(question: &str, answer: ConsentAnswer) -> Self {
        Self { answer, question_hash: handle_hash(question) }
    }

    /// What the answer uses up. It is remembered for as long as the question could be opened.
    pub(crate) fn single_use(&self, instance_id: InstanceId, now: Timestamp) -> SingleUse {
        SingleUse { instance_id, handle_hash: self.question_hash, expires_at: now.plus(LIFETIME) }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredQuestion {
    interaction: StoredInteraction,
    user_id: String,
    scopes: String,
}

/// Seals a question.
pub fn seal_question(authority: &Authority, issuer: &Slug, question: AskedConsent) -> Result<String, Fault> {
    let AskedConsent { interaction, asked: GivenConsent { user_id, scopes } } = question;
    let stored = StoredQuestion {
        interaction: interaction.into(),
        user_id: user_id.to_string(),
        scopes: scopes.to_string(),
    };
    authority.seal_state(PURPOSE, issuer, &stored, LIFETIME)
}

/// Opens it; `None` if it is not of this issuer, or too old.
pub fn open_question(
    authority: &Authority,
    issuer: &Slug,
    text: &str,
) -> Result<Option<AskedConsent>, Fault> {
    let Some(stored) = authority.open_state::<StoredQuestion>(PURPOSE, issuer, text)? else {
        return Ok(None);
    };
    let asked = stored.user_id.parse::<UserId>().ok().zip(ScopeSet::parse(&stored.scopes).ok());
    Ok(asked.map(|(user_id, scopes)| AskedConsent {
        interaction: stored.interaction.into(),
        asked: GivenConsent { user_id, scopes },
    }))
}
