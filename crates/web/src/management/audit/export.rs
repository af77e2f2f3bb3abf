//! `GET /audit-export`: events as JSON lines, read from the database as fast as the client takes them.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use turnkeep_domain::id::RequestId;
use turnkeep_service::audit::export_trail::{TrailExport, begin_export};

use crate::blocking::{Urgency, run};
use crate::error::api_error::ApiError;
use crate::error::fault::{log_fault, log_not_run};
use crate::management::audit::filter::filter_of;
use crate::management::call::ManagementCall;
use crate::state::WebState;

/// Begins to send the events that the caller may see.
pub(super) async fn export(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let filter = filter_of(&call)?;
    let export = call.run(move |context| begin_export(context, &filter)).await?;
    let (state, request_id) = call.behind_the_answer();
    Ok(export_answer(state, request_id, export))
}

/// The answer with an export that has begun.
pub(crate) fn export_answer(
    state: Data<WebState>,
    request_id: RequestId,
    export: TrailExport,
) -> HttpResponse {
    let body = ExportBody { reading: Some(Box::pin(read_piece(state, request_id, export))) };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_TYPE, "application/jsonl"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""))
        .body(body)
}

/// The export cannot go on. The reason is in the log; the client sees that the body stops early.
#[derive(Debug, thiserror::Error)]
#[error("the export cannot go on")]
struct Interrupted;

/// A piece, and what reads the next one.
struct Piece {
    bytes: Bytes,
    next: Reading,
}

type Reading = Pin<Box<dyn Future<Output = Result<Option<Piece>, Interrupted>>>>;

/// Reads one piece of the export at a time, when the connection has room for it.
struct ExportBody {
    reading: Option<Reading>,
}

async fn read_piece(
    state: Data<WebState>,
    request_id: RequestId,
    mut export: TrailExport,
) -> Result<Option<Piece>, Interrupted> {
    let read = run(&state, Urgency::Usual, move |authority| {
        let piece = export.next_piece(authority);
        (export, piece)
    });
    match read.await {
        Ok((export, Ok(Some(piece)))) => {
            let next = Box::pin(read_piece(state, request_id, export));
            Ok(Some(Piece { bytes: piece.into(), next }))
        }
        Ok((_, Ok(None))) => Ok(None),
        Ok((_, Err(fault))) => {
            let _answered_already = log_fault(&fault, request_id);
            Err(Interrupted)
        }
        Err(not_run) => {
            let _answered_already = log_not_run(&not_run, request_id);
            Err(Interrupted)
        }
    }
}

impl MessageBody for ExportBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(None);
        };
        let read = ready!(reading.as_mut().poll(context));
        match read {
            Ok(Some(piece)) => {
                self.reading = Some(piece.next);
                Poll::Ready(Some(Ok(piece.bytes)))
            }
            Ok(None) => {
                self.reading = None;
                Poll::Ready(None)
            }
            Err(interrupted) => {
                self.reading = None;
                Poll::Ready(Some(Err(interrupted.into())))
            }
        }
    }
}
