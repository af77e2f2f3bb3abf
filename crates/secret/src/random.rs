//! Where random bytes come from. The source itself lives in the binaries, and a seeded one in the tests.

/// A cryptographically secure source of random bytes.
pub trait RandomSource: Send + Sync {
    /// Overwrites all of `bytes`. A source that cannot deliver must not return.
    fn fill(&self, bytes: &mut [u8]);
}

/// Draws `N` bytes.
pub fn random_bytes<const N: usize>(source: &dyn RandomSource) -> [u8; N] {
    let mut bytes = [0; N];
    source.fill(&mut bytes);
    bytes
}
