//! `/metrics`: everything at one moment. Asks nothing of anybody, so that it answers when nothing else does.

use std::fmt;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::error::api_error::ApiError;
use crate::metrics::lines::Lines;
use crate::metrics::process_lines::ProcessFacts;
use crate::metrics::{guard_lines, message_lines, node_lines, request_lines};
use crate::state::WebState;

/// Answers a scrape.
pub(crate) async fn metrics(state: web::Data<WebState>) -> Result<HttpResponse, ApiError> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(ProcessFacts::read()));
    let ours = registry.sub_registry_with_prefix("turnkeep");
    ours.register_collector(Box::new(Everything(state)));
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| ApiError::Internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(text))
}

struct Everything(web::Data<WebState>);

impl fmt::Debug for Everything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Everything(…)")
    }
}

impl Collector for Everything {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut lines = Lines::new(encoder);
        node_lines::write(&mut lines, &self.0)?;
        if let Some(guard) = self.0.resource_guard.get() {
            guard_lines::write(&mut lines, guard)?;
        }
        message_lines::write(&mut lines, &self.0.authority)?;
        request_lines::write(&mut lines, &self.0.metrics)
    }
}
