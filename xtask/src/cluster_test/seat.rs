//! The places that nodes have in the cluster. A node that is started anew sits where the one before it sat.

/// One of the three places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    First,
    Second,
    Third,
}

impl Seat {
    pub(super) const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    /// The next one; after the last comes the first.
    pub(super) fn next(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::Third,
            Self::Third => Self::First,
        }
    }

    /// The two others.
    pub(super) fn others(self) -> [Self; 2] {
        [self.next(), self.next().next()]
    }

    /// As people and files call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::First => "node-1",
            Self::Second => "node-2",
            Self::Third => "node-3",
        }
    }
}

/// Something that each place has its own of.
#[derive(Debug, Clone, Default)]
pub(super) struct PerSeat<T>([T; 3]);

impl<T> PerSeat<T> {
    /// Makes one for each place in turn.
    pub(super) fn try_make(mut make: impl FnMut(Seat) -> anyhow::Result<T>) -> anyhow::Result<Self> {
        let [first, second, third] = Seat::ALL;
        Ok(Self([make(first)?, make(second)?, make(third)?]))
    }

    pub(super) fn at(&self, seat: Seat) -> &T {
        let [first, second, third] = &self.0;
        match seat {
            Seat::First => first,
            Seat::Second => second,
            Seat::Third => third,
        }
    }

    pub(super) fn at_mut(&mut self, seat: Seat) -> &mut T {
        let [first, second, third] = &mut self.0;
        match seat {
            Seat::First => first,
            Seat::Second => second,
            Seat::Third => third,
        }
    }

    pub(super) fn into_all(self) -> [T; 3] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_all_but_oneself() {
        for seat in Seat::ALL {
            let others = seat.others();
            assert!(!others.contains(&seat));
            assert_ne!(others.first(), others.last());
        }
    }
}
