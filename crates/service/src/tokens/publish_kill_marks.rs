//! The feed of kill marks that resource servers follow: a signed document for each issuer, with everything that was
//! killed and may still be the matter of an unexpired token.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_token::access_token::sign_document;
use turnkeep_token::kill_marks::{
    KILL_MARKS_TYPE, KillMarksClaims, MarkClaims, PersonMarkClaims, RevokedClaims,
};

use crate::authority::Authority;
use crate::cluster::kill_marks::{KillMark, Killed, MarksOfInstance};
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::LookUp;

/// For how long a document is handed out again while no mark changes, so that many readers cost one signature.
const SIGNED_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The marks of an issuer as they go out.
pub struct PublishedKillMarks {
    etag: String,
    document: String,
    /// Of the marks that it was made of.
    version: u64,
    /// In time since boot.
    signed_at: Duration,
}

impl PublishedKillMarks {
    /// The compact JWS.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// An entity tag, quotes included: the same marks have the same one on every node, whoever signed them and when.
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

/// The marks of an issuer. One that was switched off has them too, for as long as a token of before could live: that
/// these are dead is what they say.
pub fn publish_kill_marks(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<Arc<PublishedKillMarks>, Failure<UnknownIssuer>> {
    published(authority, issuer, SIGNED_AGAIN_AFTER, look_up)
}

/// The same, perhaps signed a while ago: for whoever only needs the entity tag.
pub fn tag_kill_marks(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<Arc<PublishedKillMarks>, Failure<UnknownIssuer>> {
    published(authority, issuer, Duration::MAX, look_up)
}

fn published(
    authority: &Authority,
    issuer: &Slug,
    signed_within: Duration,
    look_up: LookUp,
) -> Result<Arc<PublishedKillMarks>, Failure<UnknownIssuer>> {
    // Before the marks are read, which then know of this change and perhaps of later ones.
    let up_to = authority.in_step(look_up)?;
    let known = authority.snapshot.issuer_on_or_off(authority, issuer, look_up)?;
    let issuer = known.ok_or(Failure::Denied(UnknownIssuer))?;
    let kills = &authority.follower.kills;
    let instance_id = issuer.catalogue.instance.id;
    if issuer.catalogue.instance.state == InstanceState::Disabled && !kills.has_marks(instance_id) {
        return Err(Failure::Denied(UnknownIssuer));
    }
    let since_boot = authority.clock.since_boot();
    if let Some(kept) = issuer.kill_marks.load_full()
        && kept.version == kills.version(instance_id)
        && since_boot.saturating_sub(kept.signed_at) < signed_within
    {
        return Ok(kept);
    }
    let made = Arc::new(sign(authority, &issuer, &kills.of(instance_id, since_boot), up_to)?);
    issuer.kill_marks.store(Some(Arc::clone(&made)));
    Ok(made)
}

fn sign(
    authority: &Authority,
    issuer: &CachedIssuer,
    of_instance: &MarksOfInstance,
    up_to: ChangeSequence,
) -> Result<PublishedKillMarks, Fault> {
    let now = authority.now();
    let mut marks = Vec::new();
    let mut people = Vec::new();
    for mark in &of_instance.marks {
        match mark_claims(mark) {
            Claims::Usual(claims) => marks.push(claims),
            Claims::OfPeople(claims) => people.push(claims),
        }
    }
    let revoked = of_instance.revoked.iter();
    let revoked = revoked.map(|mark| RevokedClaims::new(mark.token_id, now.plus(mark.kept_for))).collect();
    let claims = KillMarksClaims::new(&issuer.url, now, up_to, marks, revoked).with_people(people);
    let ring = issuer.ring()?;
    // What most verifiers are set to, or whatever there is.
    let preferred = ring.signer(SigningAlgorithm::Es256);
    let any = || ring.algorithms().next().and_then(|algorithm| ring.signer(algorithm));
    let signer = preferred.or_else(any).ok_or(Fault::NoSigningKey)?;
    let document = sign_document(signer, KILL_MARKS_TYPE, &claims)
        .map_err(|error| Fault::signing_key("signing kill marks")(error.into()))?;
    Ok(PublishedKillMarks {
        etag: etag_of(of_instance),
        document,
        version: of_instance.version,
        signed_at: authority.clock.since_boot(),
    })
}

/// Those of people stand apart in the feed.
enum Claims {
    Usual(MarkClaims),
    OfPeople(PersonMarkClaims),
}

fn mark_claims(mark: &KillMark) -> Claims {
    match mark.killed {
        Killed::Instance => Claims::Usual(MarkClaims::of_instance(mark.dead_below)),
        Killed::Tenant(id) => Claims::Usual(MarkClaims::of_tenant(id, mark.dead_below)),
        Killed::App(id) => Claims::Usual(MarkClaims::of_app(id, mark.dead_below)),
        Killed::Secret(id) => Claims::Usual(MarkClaims::of_secret(id, mark.dead_below)),
        Killed::User(id) => Claims::OfPeople(PersonMarkClaims::of_user(id, mark.dead_below)),
        Killed::Grant(id) => Claims::OfPeople(PersonMarkClaims::of_grant(id, mark.dead_below)),
    }
}

fn etag_of(of_instance: &MarksOfInstance) -> String {
    let mut hash = Sha256::new();
    for mark in &of_instance.marks {
        let (kind, id) = match &mark.killed {
            Killed::Instance => (0_u8, [0; 16]),
            Killed::Tenant(id) => (1, *id.as_bytes()),
            Killed::App(id) => (2, *id.as_bytes()),
            Killed::Secret(id) => (3, *id.as_bytes()),
            Killed::User(id) => (5, *id.as_bytes()),
            Killed::Grant(id) => (6, *id.as_bytes()),
        };
        hash.update([kind]);
        hash.update(id);
        hash.update(mark.dead_below.as_number().to_be_bytes());
    }
    for revoked in &of_instance.revoked {
        hash.update([4]);
        hash.update(revoked.token_id.as_bytes());
    }
    let mut digest = BASE64URL_NOPAD.encode(&hash.finalize());
    // 128 bits.
    digest.truncate(22);
    format!("\"{digest}\"")
}
