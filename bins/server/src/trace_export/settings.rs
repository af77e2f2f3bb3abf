//! Where traces go, and how many.

use url::Url;

/// What is exported, if anything is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TraceSettings {
    /// The collector.
    pub(crate) endpoint: OtlpEndpoint,
    /// Which part of the traces, from 0 to 1.
    pub(crate) sample_ratio: f64,
}

/// The base URL of a collector, to which `/v1/traces` is added (OTLP/HTTP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtlpEndpoint(String);

impl OtlpEndpoint {
    /// `http://` or `https://`. Nothing secret may be in it, since errors name it: what a collector wants to know of its
    /// callers belongs into `OTEL_EXPORTER_OTLP_HEADERS`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "must be the base URL of a collector, such as http://127.0.0.1:4318";
        let url = Url::parse(text).map_err(|_| WRONG)?;
        let is_http = matches!(url.scheme(), "http" | "https");
        if !is_http || !url.has_host() || url.query().is_some() || url.fragment().is_some() {
            return Err(WRONG);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user or password: use OTEL_EXPORTER_OTLP_HEADERS");
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Where traces are posted.
    pub(crate) fn traces(&self) -> String {
        format!("{}/v1/traces", self.0)
    }
}

/// A part of all traces.
pub(crate) fn parse_ratio(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
        Ok(_) | Err(_) => Err("must be a number from 0 to 1"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_named_by_a_url_without_secrets() {
        for (text, traces) in [
            ("http://127.0.0.1:4318", Some("http://127.0.0.1:4318/v1/traces")),
            ("https://collector.example/otlp/", Some("https://collector.example/otlp/v1/traces")),
            ("collector:4318", None),
            ("grpc://collector:4317", None),
            ("http://user:secret@collector:4318", None),
            ("http://collector:4318?key=secret", None),
            ("", None),
        ] {
            let parsed = OtlpEndpoint::parse(text).map(|endpoint| endpoint.traces());
            assert_eq!(parsed.ok().as_deref(), traces, "{text}");
        }
    }

    #[test]
    fn a_ratio_is_a_part() {
        for (text, ratio) in [("0", Some(0.0)), ("0.25", Some(0.25)), ("1", Some(1.0))] {
            assert_eq!(parse_ratio(text).ok(), ratio);
        }
        for wrong in ["-0.1", "1.1", "NaN", "inf", "a tenth", ""] {
            assert!(parse_ratio(wrong).is_err(), "{wrong}");
        }
    }
}
