//! What is wrong with a JSON document, and where. It never repeats a value.

use std::fmt;

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// To a member of an object.
    Member(String),
    /// To an element of an array, from 0.
    Element(usize),
}

/// Where something is in a document; without steps, the document itself. Its text is like `apps[3].name`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultPath(pub Vec<Segment>);

impl FaultPath {
    /// A member of what is there.
    #[must_use]
    pub fn member(mut self, name: &str) -> Self {
        self.0.push(Segment::Member(name.to_owned()));
        self
    }

    /// Every step, with dots between them: `apps.3.name`.
    pub fn dotted(&self) -> String {
        let steps = self.0.iter().map(|segment| match segment {
            Segment::Member(name) => name.clone(),
            Segment::Element(index) => index.to_string(),
        });
        steps.collect::<Vec<String>>().join(".")
    }
}

impl fmt::Display for FaultPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Member(name) if position == 0 => f.write_str(name)?,
                Segment::Member(name) => write!(f, ".{name}")?,
                Segment::Element(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A member that has to be there is not.
    Missing,
    /// A member that nobody knows.
    Unknown,
    /// A member that is there twice.
    Repeated,
    /// A word that is none of those that are possible.
    NoSuchVariant,
    /// A value of another type, or one that its type refuses.
    WrongType,
}

/// Something that is wrong.
#[derive(Debug)]
pub struct Fault {
    /// Where.
    pub path: FaultPath,
    /// What.
    pub kind: FaultKind,
    /// What the parser says. Its text may repeat what was sent: do not pass it on.
    pub error: serde_json::Error,
}

impl Fault {
    /// The parser only says it in words. It knows where it was, but the names of members are in its words alone.
    pub(super) fn of(error: serde_json::Error, place: FaultPath) -> Self {
        let message = error.to_string();
        let named = |kind: &str| message.strip_prefix(kind).and_then(|rest| rest.split('`').next());
        let (path, kind) = if let Some(member) = named("missing field `") {
            (place.member(member), FaultKind::Missing)
        } else if let Some(member) = named("duplicate field `") {
            (place.member(member), FaultKind::Repeated)
        } else if message.starts_with("unknown field") {
            (place, FaultKind::Unknown)
        } else if message.starts_with("unknown variant") {
            (place, FaultKind::NoSuchVariant)
        } else {
            (place, FaultKind::WrongType)
        };
        Self { path, kind, error }
    }
}
