//! Whom an app expects: `id_token_hint` (OpenID Connect Core §3.1.2.1).

use turnkeep_domain::slug::Slug;
use turnkeep_policy::authorization_facts::ExpectedPerson;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::person_tokens::id_token_hint::read_hint;

/// Reads the hint, if there is one. A token of anybody's does: what was issued to one app may come back from another.
pub(crate) fn expected_person(
    authority: &Authority,
    issuer: &Slug,
    hint: Option<&str>,
) -> Result<ExpectedPerson, Fault> {
    let Some(hint) = hint else {
        return Ok(ExpectedPerson::Anybody);
    };
    let read = read_hint(authority, issuer, hint)?;
    Ok(read.map_or(ExpectedPerson::Unknown, |hint| ExpectedPerson::User(hint.user_id)))
}
