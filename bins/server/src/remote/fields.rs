//! Bodies of requests: only what was said is sent, so that everything else stays as it is.

use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::system::read_input;

/// The longest document that is read from a file.
const MAX_DOCUMENT_BYTES: u64 = 256 * 1024 * 1024;

/// The members of a JSON body.
#[derive(Debug, Default)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// With a member, if there is a value for it.
    pub(crate) fn with<T: Into<Value>>(mut self, name: &str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    /// With a list, unless it is empty.
    pub(crate) fn with_list(self, name: &str, items: &[String]) -> Self {
        let list = (!items.is_empty()).then(|| items.to_vec());
        self.with(name, list)
    }

    /// With a group of members of its own, unless it is empty.
    pub(crate) fn with_group(self, name: &str, group: Self) -> Self {
        let group = (!group.0.is_empty()).then_some(group.0);
        self.with(name, group)
    }

    /// With members that are `null`: cleared, or back to their defaults (RFC 7396).
    pub(crate) fn with_nulls(mut self, names: &[String]) -> Self {
        self.0.extend(names.iter().map(|name| (name.replace('-', "_"), Value::Null)));
        self
    }

    /// The body.
    pub(crate) fn body(self) -> Value {
        Value::Object(self.0)
    }

    /// The body of an update, which has to change something.
    pub(crate) fn change(self) -> RemoteResult<Value> {
        if self.0.is_empty() {
            return Err(RemoteError::Usage("nothing to change: name at least one field".to_owned()));
        }
        Ok(self.body())
    }
}

/// A text from a file, or from standard input if it is `-`.
pub(crate) fn read_document(path: &Path) -> RemoteResult<String> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        read_input(MAX_DOCUMENT_BYTES).map(|input| text = input)
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_DOCUMENT_BYTES).read_to_string(&mut text))
            .map(|_| ())
    };
    match read {
        Ok(()) => Ok(text),
        Err(error) => Err(RemoteError::Usage(format!("cannot read {}: {error}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_said_is_not_sent() {
        let fields = Fields::default()
            .with("name", Some("Invoices"))
            .with("plan_id", None::<String>)
            .with_list("uris", &[])
            .with_group("sign_in", Fields::default().with("internal", None::<bool>))
            .with_nulls(&["allowed-domains".to_owned()]);
        assert_eq!(fields.body(), json!({"name": "Invoices", "allowed_domains": null}));
        assert!(Fields::default().change().is_err());
    }
}
