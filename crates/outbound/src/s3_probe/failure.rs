//! What a check of storage settings tells the person who made them.

/// Why storage settings do not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ProbeFailure {
    /// The storage does not know the access key, or the secret key is not the one that belongs to it.
    #[error("the storage does not accept the access key and the secret key")]
    WrongCredentials,
    /// The storage has no such bucket.
    #[error("the storage has no such bucket")]
    NoSuchBucket,
    /// The keys are good, but may not list the bucket. Some providers also answer so to wrong keys.
    #[error("the access key may not list the bucket")]
    AccessDenied,
    /// The bucket or the endpoint belongs to another region.
    #[error("the bucket belongs to another region or endpoint")]
    WrongRegion,
    /// The storage answered in its own language that it will not, for a reason that is none of the above.
    #[error("the storage refused the request")]
    RefusedOtherwise,
    /// No storage answered. Why not, nobody is told: an address that is not allowed, an unknown name, a closed port,
    /// TLS, a redirect, a slow or overlong answer and a server that is no S3 storage all look the same, and take the
    /// same time.
    #[error("no S3 storage answered at the endpoint")]
    Unreachable,
    /// The check could not be made, for a reason of this server's.
    #[error("the check could not be made")]
    Unavailable,
}
