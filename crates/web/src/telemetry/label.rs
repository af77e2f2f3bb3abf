//! What a series may be told apart by. Nothing that a client sends is a label.

use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::layer::Layer;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_guard::resource::signal::Signal;

/// One of a fixed set of values.
pub(crate) trait Label: Copy + PartialEq + 'static {
    /// The label's name.
    const NAME: &'static str;

    /// Every value.
    fn all() -> impl Iterator<Item = Self>;

    /// The value's text.
    fn text(self) -> &'static str;
}

impl Label for Endpoint {
    const NAME: &'static str = "endpoint";

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Label for Layer {
    const NAME: &'static str = "layer";

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Label for Priority {
    const NAME: &'static str = "priority";

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Label for GuardState {
    const NAME: &'static str = "state";

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Label for Signal {
    const NAME: &'static str = "signal";

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}
