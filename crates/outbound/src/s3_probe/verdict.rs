//! Reads what a storage says to a listing. S3 answers in XML; of that the name of the root element and an error's
//! code are enough, so nothing is built from it, expanded or followed.

use super::ProbeFailure;
use crate::client::Answer;

/// Something other than an S3 storage answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotS3;

/// What an answer means.
pub(super) fn of(answer: &Answer) -> Result<Result<(), ProbeFailure>, NotS3> {
    let text = std::str::from_utf8(&answer.body).map_err(|_| NotS3)?;
    match root_element(text) {
        Some("ListBucketResult") if answer.status == 200 => Ok(Ok(())),
        Some("Error") => {
            let code = error_code(text).ok_or(NotS3)?;
            tracing::debug!(code, status = answer.status, "the storage refused");
            Ok(Err(failure(code, text)))
        }
        Some(_) | None => Err(NotS3),
    }
}

/// The meaning of an error code, in Amazon's words and where others use their own.
fn failure(code: &str, text: &str) -> ProbeFailure {
    match code {
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "NotSignedUp"
        | "Unauthorized"
        | "InvalidToken"
        | "ExpiredToken"
        | "InvalidSecurity" => ProbeFailure::WrongCredentials,
        // Says the right region when the signature was made for another one; otherwise the access key has a form
        // that no signature can carry.
        "AuthorizationQueryParametersError" | "AuthorizationHeaderMalformed" => {
            if text.contains("<Region>") {
                ProbeFailure::WrongRegion
            } else {
                ProbeFailure::WrongCredentials
            }
        }
        "NoSuchBucket" | "InvalidBucketName" => ProbeFailure::NoSuchBucket,
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => ProbeFailure::AccessDenied,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "IncorrectEndpoint"
        | "IllegalLocationConstraintException"
        | "InvalidRegion"
        | "InvalidRegionName" => ProbeFailure::WrongRegion,
        _ => ProbeFailure::RefusedOtherwise,
    }
}

/// The name of the root element, after a byte order mark and a declaration. Anything else before it (a comment, a
/// document type) no S3 storage sends.
fn root_element(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim_ascii_start();
    let text = match text.strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>")?.1.trim_ascii_start(),
        None => text,
    };
    let name = text.strip_prefix('<')?.split([' ', '\t', '\r', '\n', '/', '>']).next()?;
    (!name.is_empty()).then_some(name)
}

/// The code of an error, if it looks like one.
fn error_code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let code = code.trim_ascii();
    let is_code = (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    is_code.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> Result<Result<(), ProbeFailure>, NotS3> {
        of(&Answer { status, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn a_listing_is_a_success() {
        let listings = [
            "<ListBucketResult/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name></ListBucketResult>",
            "\u{feff}<ListBucketResult>",
        ];
        for listing in listings {
            assert_eq!(verdict(200, listing), Ok(Ok(())), "{listing}");
        }
    }

    #[test]
    fn an_error_is_understood_by_its_code() {
        let cases = [
            ("SignatureDoesNotMatch", ProbeFailure::WrongCredentials),
            ("InvalidAccessKeyId", ProbeFailure::WrongCredentials),
            ("NotSignedUp", ProbeFailure::WrongCredentials),
            ("Unauthorized", ProbeFailure::WrongCredentials),
            ("AuthorizationQueryParametersError", ProbeFailure::WrongCredentials),
            ("NoSuchBucket", ProbeFailure::NoSuchBucket),
            ("AccessDenied", ProbeFailure::AccessDenied),
            ("PermanentRedirect", ProbeFailure::WrongRegion),
            ("InvalidRegionName", ProbeFailure::WrongRegion),
            ("SlowDown", ProbeFailure::RefusedOtherwise),
            ("SomethingNew", ProbeFailure::RefusedOtherwise),
        ];
        for (code, expected) in cases {
            let body = format!("<?xml version='1.0'?><Error><Code>{code}</Code><Message>m</Message></Error>");
            assert_eq!(verdict(403, &body), Ok(Err(expected)), "{code}");
        }
    }

    #[test]
    fn a_signature_for_another_region_is_told_from_a_wrong_key() {
        let body = "<Error><Code>AuthorizationQueryParametersError</Code><Region>eu-west-1</Region></Error>";
        assert_eq!(verdict(400, body), Ok(Err(ProbeFailure::WrongRegion)));
    }

    #[test]
    fn anything_else_is_no_s3_storage() {
        let long_code = format!("<Error><Code>{}</Code></Error>", "a".repeat(65));
        let cases = [
            (200, ""),
            (200, "<html><body>ListBucketResult</body></html>"),
            (200, "<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult/>"),
            (200, "{\"Error\":{\"Code\":\"NoSuchBucket\"}}"),
            (302, "<ListBucketResult/>"),
            (206, "<ListBucketResult/>"),
            (403, "<Error></Error>"),
            (403, "<Error><Code></Code></Error>"),
            (403, "<Error><Code>No Such Bucket</Code></Error>"),
            (403, "<Errors><Code>NoSuchBucket</Code></Errors>"),
            (403, "<?xml <Error><Code>NoSuchBucket</Code></Error>"),
            (403, "<"),
            (403, &long_code),
        ];
        for (status, body) in cases {
            assert_eq!(verdict(status, body), Err(NotS3), "{status} {body}");
        }
        assert_eq!(of(&Answer { status: 200, body: vec![0xff, 0xfe, 0x3c] }), Err(NotS3));
    }
}
