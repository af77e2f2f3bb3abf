//! How many connections and files the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit as far as the system lets any process raise its own. Most begin with 1,024, since programs that
/// use select(2) break with more; here each connection takes one.
pub(crate) fn allow_many() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => tracing::debug!(from = current, to = maximum, "raised the limit of open files"),
        Err(error) => tracing::warn!(current, %error, "the limit of open files could not be raised"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn afterwards_as_many_may_be_open_as_the_system_allows() {
        let maximum = getrlimit(Resource::Nofile).maximum;
        let fewer = Rlimit { current: maximum.map(|most| most.min(900)), maximum };
        setrlimit(Resource::Nofile, fewer).unwrap();
        allow_many();
        assert_eq!(getrlimit(Resource::Nofile), Rlimit { current: maximum, maximum });
    }
}
