//! One reading of a document, which overlooks what the readings before it found.

use std::cell::RefCell;

use crate::strict_json::fault::{Fault, FaultKind, FaultPath, Segment};

/// The reading.
pub(super) struct Pass<'a> {
    found: &'a [Fault],
    failed_at: RefCell<Option<FaultPath>>,
}

impl<'a> Pass<'a> {
    /// One that overlooks these.
    pub(super) fn new(found: &'a [Fault]) -> Self {
        Self { found, failed_at: RefCell::new(None) }
    }

    /// Where the reading ended.
    pub(super) fn failed_at(self) -> FaultPath {
        self.failed_at.into_inner().unwrap_or_default()
    }
}

/// The way to what is being read.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// The document.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An element of an array.
    Element(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn fault_path(self) -> FaultPath {
        let (parent, segment) = match self {
            Self::Root => return FaultPath::default(),
            Self::Member(parent, name) => (parent, Segment::Member(name.to_owned())),
            Self::Element(parent, index) => (parent, Segment::Element(index)),
        };
        let mut path = parent.fault_path();
        path.0.push(segment);
        path
    }
}

/// What is being read, in which reading.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Where it is.
    pub(super) path: &'a Path<'a>,
    /// The reading.
    pub(super) pass: &'a Pass<'a>,
}

impl Place<'_> {
    /// Notes that the reading ends here, if it does and has not ended further inside.
    pub(super) fn noting<T, E>(self, result: Result<T, E>) -> Result<T, E> {
        if result.is_err() {
            self.pass.failed_at.borrow_mut().get_or_insert_with(|| self.path.fault_path());
        }
        result
    }

    /// Whether a value is known to be wrong, so that another stands for it.
    pub(super) fn is_replaced(self) -> bool {
        self.is_found(|kind| matches!(kind, FaultKind::WrongType | FaultKind::NoSuchVariant))
    }

    /// Whether a member is known to be one that nobody knows.
    pub(super) fn is_unknown(self) -> bool {
        self.is_found(|kind| kind == FaultKind::Unknown)
    }

    /// Whether a member is known to be there twice.
    pub(super) fn is_repeated(self) -> bool {
        self.is_found(|kind| kind == FaultKind::Repeated)
    }

    /// The members that are known to be missing in this object.
    pub(super) fn missing_members(self) -> Vec<String> {
        if self.pass.found.is_empty() {
            return Vec::new();
        }
        let here = self.path.fault_path();
        let missing = self.pass.found.iter().filter(|fault| fault.kind == FaultKind::Missing);
        missing
            .filter_map(|fault| match fault.path.0.split_last() {
                Some((Segment::Member(name), parent)) if parent == here.0 => Some(name.clone()),
                Some(_) | None => None,
            })
            .collect()
    }

    fn is_found(self, is_kind: impl Fn(FaultKind) -> bool) -> bool {
        let found = self.pass.found;
        if found.is_empty() {
            return false;
        }
        let here = self.path.fault_path();
        found.iter().any(|fault| is_kind(fault.kind) && fault.path == here)
    }
}
