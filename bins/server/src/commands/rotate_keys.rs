//! `turnkeep keys rotate`.

use anyhow::{Context, bail};
use serde_json::{Value, json};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_service::authority::Authority;
use turnkeep_service::keys::rotate_keys::{RotationCause, rotate_keys};
use turnkeep_service::registry::manage_instance::list_instances;
use turnkeep_token::rotation::{RotationStep, RotationUrgency};

use crate::command_line::Urgency;
use crate::commands::keys::instance;
use crate::commands::operator::{command_line_context, told};
use crate::remote::confirm::agree;
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::outcome::RemoteError;
use crate::system::say;

/// Which keys to change, and how badly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation {
    /// The algorithm that was named.
    pub(crate) alg: Option<SigningAlgorithm>,
    /// How badly.
    pub(crate) urgency: Urgency,
    /// Of all instances, or of one.
    pub(crate) all_instances: bool,
}

impl Rotation {
    /// Rotating every instance's keys for less than a leak would be a mistake, and so would be naming one of all.
    pub(crate) fn check_extent(self, remote: &RemoteFlags) -> anyhow::Result<()> {
        let contradiction = match self {
            Self { all_instances: false, .. } => return Ok(()),
            _ if remote.instance.is_some() => "--all-instances and --instance contradict each other",
            Self { urgency: Urgency::Compromised, .. } => return Ok(()),
            Self { .. } => "--all-instances is only for --urgency compromised",
        };
        Err(RemoteError::Usage(contradiction.to_owned()).into())
    }

    /// Only a leaked key concerns more than one: whoever read one private key has read all that were beside it.
    fn cause(self) -> RotationCause {
        let usual = self.alg.unwrap_or(SigningAlgorithm::Es256);
        match (self.urgency, self.alg) {
            (Urgency::Planned, _) => RotationCause::Command(usual, RotationUrgency::Planned),
            (Urgency::AtOnce, _) => RotationCause::Command(usual, RotationUrgency::AtOnce),
            (Urgency::Compromised, Some(alg)) => RotationCause::Command(alg, RotationUrgency::Compromised),
            (Urgency::Compromised, None) => RotationCause::EveryKeyCompromised,
        }
    }

    fn instances(self, remote: &RemoteFlags, authority: &Authority) -> anyhow::Result<Vec<Instance>> {
        let all = told(list_instances(&command_line_context(authority)?))?;
        if self.all_instances {
            return Ok(all);
        }
        let slug = instance(remote)?;
        let named = all.into_iter().find(|instance| instance.slug == slug);
        Ok(vec![named.ok_or(RemoteError::NotFound("there is no instance with this slug"))?])
    }

    fn question(self, instances: &[Instance]) -> String {
        let keys = self.alg.map_or_else(|| "key".to_owned(), |alg| format!("{alg} key"));
        let slugs: Vec<String> = instances.iter().map(|instance| format!("\"{}\"", instance.slug)).collect();
        let noun = if slugs.len() == 1 { "instance" } else { "instances" };
        let slugs = slugs.join(", ");
        format!("erase every {keys} of {noun} {slugs}, with which all tokens they signed are dead? [y/N]")
    }
}

/// Changes the keys and says what was done.
pub(crate) fn rotate(remote: &RemoteFlags, authority: &Authority, rotation: Rotation) -> anyhow::Result<()> {
    let is_compromised = rotation.urgency == Urgency::Compromised;
    let instances = rotation.instances(remote, authority)?;
    if is_compromised {
        agree(remote.yes, || Ok(rotation.question(&instances)))?;
    }
    let mut done = Vec::new();
    for instance in &instances {
        let steps = rotate_keys(authority, instance.id, rotation.cause())
            .with_context(|| format!("the keys of `{}` could not be rotated", instance.slug))?;
        if is_compromised && steps.is_empty() {
            bail!(
                "the keys of `{}` were just changed by somebody else: give the command again",
                instance.slug
            );
        }
        if remote.output != Some(OutputFormat::Json) {
            show_steps(rotation.all_instances.then_some(&instance.slug), &steps);
        }
        done.extend(steps.iter().map(|step| step_document(&instance.slug, step)));
    }
    if remote.output == Some(OutputFormat::Json) {
        say(&json!({ "steps": done }).to_string());
    }
    Ok(())
}

fn show_steps(instance: Option<&Slug>, steps: &[RotationStep]) {
    if steps.is_empty() {
        say("nothing to do yet: the next key is published, and takes over when its lead is over");
    }
    for step in steps {
        let said = match step {
            RotationStep::Create { algorithm, .. } => format!("made a new {algorithm} key and put it to use"),
            RotationStep::PrePublish { algorithm } => {
                format!("published the next {algorithm} key; run this again after the lead to put it to use")
            }
            RotationStep::Activate { key } => format!("{key} signs from now on"),
            RotationStep::Retire { key, .. } => format!("{key} signs no more; its tokens live on"),
            RotationStep::Erase { key } => format!("{key} is erased"),
        };
        say(&instance.map_or_else(|| said.clone(), |instance| format!("{instance}: {said}")));
    }
}

fn step_document(instance: &Slug, step: &RotationStep) -> Value {
    let (step, name, value) = match step {
        RotationStep::Create { algorithm, .. } => ("create", "alg", algorithm.as_str().to_owned()),
        RotationStep::PrePublish { algorithm } => ("publish", "alg", algorithm.as_str().to_owned()),
        RotationStep::Activate { key } => ("activate", "kid", key.to_string()),
        RotationStep::Retire { key, .. } => ("retire", "kid", key.to_string()),
        RotationStep::Erase { key } => ("erase", "kid", key.to_string()),
    };
    json!({ "step": step, "instance": instance.as_str(), name: value })
}
