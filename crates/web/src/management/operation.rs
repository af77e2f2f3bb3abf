//! An operation of the management API: where it is, who answers it, and what it takes and gives.
//!
//! The routes and the OpenAPI document are both made of these, so that they cannot disagree.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::management::list::ListResponse;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::json_body::MAX_BODY_BYTES;
use crate::management::query_parameter::{AFTER, LIMIT, QueryParameter};

/// The schema of a body.
pub(crate) type SchemaSource = fn(&mut SchemaGenerator) -> Schema;

type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, ApiError>>>>;

/// A method that the API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    /// Reads; HEAD too (RFC 9110 §9.1).
    Get,
    /// Creates, or does something to a record.
    Post,
    /// Puts something where it is named.
    Put,
    /// Changes what is named (RFC 7396).
    Patch,
    /// Removes.
    Delete,
}

impl Verb {
    /// The name of the method.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The body of a request.
#[derive(Clone, Copy)]
pub(crate) struct RequestBody {
    /// What it looks like.
    pub(crate) schema: SchemaSource,
    /// Whether it has to be there.
    pub(crate) required: bool,
}

/// The answer of an operation that does what was asked.
#[derive(Clone, Copy)]
pub(crate) struct Success {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its body, if it has one.
    pub(crate) schema: Option<SchemaSource>,
    /// What the body is written in.
    pub(crate) media_type: &'static str,
    /// Whether it has an `ETag`.
    pub(crate) has_tag: bool,
    /// Whether it has a `Location`.
    pub(crate) has_location: bool,
    /// Whether it is 201 without a `Location` if there was nothing before.
    pub(crate) may_create: bool,
}

/// Whose tokens an operation takes. What their bearers may do is decided by the use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Callers {
    /// Those for this API: of people, and of apps with a scope that stands for a role.
    Registry,
    /// Any token of an app of the addressed instance, for what it may know about itself.
    AppItself,
    /// Those for this API of apps that report usage.
    Meters,
}

/// An operation.
pub(crate) struct Operation {
    /// The method.
    pub(crate) verb: Verb,
    /// The path below the API, with its parameters in braces.
    pub(crate) path: &'static str,
    /// Its name for programs.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) summary: &'static str,
    /// What the request carries.
    pub(crate) body: Option<RequestBody>,
    /// What comes back.
    pub(crate) success: Success,
    /// Whether `If-Match` is looked at.
    pub(crate) if_match: bool,
    /// The parameters of its query.
    pub(crate) query: Vec<QueryParameter>,
    /// The longest body that operators may send, in bytes.
    pub(crate) max_body_bytes: usize,
    /// Under load, what goes first.
    pub(crate) priority: Priority,
    /// Whose tokens it takes.
    pub(crate) callers: Callers,
    /// The codes of its own refusals, beside those that every operation has.
    pub(crate) refusals: Vec<&'static str>,
    handler: Rc<dyn Fn(ManagementCall) -> Answering>,
}

impl Operation {
    fn new<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
        verb: Verb,
        path: &'static str,
        name: &'static str,
        handler: fn(ManagementCall) -> F,
    ) -> Self {
        Self {
            verb,
            path,
            name,
            summary: "",
            body: None,
            success: Success {
                status: StatusCode::NO_CONTENT,
                schema: None,
                media_type: "application/json",
                has_tag: false,
                has_location: false,
                may_create: false,
            },
            if_match: false,
            query: Vec::new(),
            max_body_bytes: MAX_BODY_BYTES,
            priority: Priority::Management,
            callers: Callers::Registry,
            refusals: Vec::new(),
            handler: Rc::new(move |call| Box::pin(handler(call))),
        }
    }

    /// Says what it does, in one sentence.
    pub(crate) fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// It takes a body.
    pub(crate) fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(RequestBody { schema: schema_of::<T>, required: true });
        self
    }

    /// It takes a long body from operators. Anybody else has no more than everywhere.
    pub(crate) fn takes_up_to<T: JsonSchema>(self, max_body_bytes: usize) -> Self {
        Self { max_body_bytes, ..self.takes::<T>() }
    }

    /// It takes a body that may be missing.
    pub(crate) fn may_take<T: JsonSchema>(mut self) -> Self {
        self.body = Some(RequestBody { schema: schema_of::<T>, required: false });
        self
    }

    /// It answers a record with its version, and creates it: 201.
    pub(crate) fn creates<T: JsonSchema>(self) -> Self {
        let created = self.answers::<T>(StatusCode::CREATED);
        Self { success: Success { has_tag: true, has_location: true, ..created.success }, ..created }
    }

    /// It creates something that has no version: 201.
    pub(crate) fn creates_part<T: JsonSchema>(self) -> Self {
        let created = self.answers::<T>(StatusCode::CREATED);
        Self { success: Success { has_location: true, ..created.success }, ..created }
    }

    /// It shows a record with its version.
    pub(crate) fn shows<T: JsonSchema>(self) -> Self {
        let shown = self.answers::<T>(StatusCode::OK);
        Self { success: Success { has_tag: true, ..shown.success }, ..shown }
    }

    /// It changes a record, if the caller likes only one of a certain version, and shows it.
    pub(crate) fn changes<T: JsonSchema>(self) -> Self {
        Self { if_match: true, ..self.shows::<T>() }
    }

    /// It shows something that has no version.
    pub(crate) fn views<T: JsonSchema>(self) -> Self {
        self.answers::<T>(StatusCode::OK)
    }

    /// It shows a list by pages.
    pub(crate) fn lists<T: JsonSchema>(self) -> Self {
        self.views::<ListResponse<T>>().query(&[LIMIT, AFTER])
    }

    /// It sends something long in another format than JSON.
    pub(crate) fn streams(self, media_type: &'static str) -> Self {
        let streamed = self.views::<String>();
        Self { success: Success { media_type, ..streamed.success }, ..streamed }
    }

    /// It removes a record, if the caller likes only one of a certain version.
    pub(crate) fn removes_version(self) -> Self {
        Self { if_match: true, ..self }
    }

    /// It changes what belongs to a record, if the caller likes only a certain version of that record.
    pub(crate) fn changes_part(self) -> Self {
        Self { if_match: true, ..self }
    }

    /// It creates its record if there is none: 201 with the same body.
    pub(crate) fn or_creates(mut self) -> Self {
        self.success.may_create = true;
        self
    }

    /// It takes other tokens than those of people and of apps that manage.
    pub(crate) fn called_by(self, callers: Callers) -> Self {
        Self { callers, ..self }
    }

    /// It takes access away, so it goes before everything else.
    pub(crate) fn takes_access_away(self) -> Self {
        Self { priority: Priority::AlwaysPass, ..self }
    }

    /// Its query may have these too.
    pub(crate) fn query(mut self, parameters: &[QueryParameter]) -> Self {
        self.query.extend_from_slice(parameters);
        self
    }

    /// It refuses with these codes too.
    pub(crate) fn refuses(mut self, codes: &[&'static str]) -> Self {
        self.refusals.extend_from_slice(codes);
        self
    }

    /// Whether it answers requests with this method.
    pub(crate) fn answers_method(&self, method: &Method) -> bool {
        let asked = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.verb.as_str() == asked
    }

    /// Answers a call that was checked.
    pub(crate) fn handle(&self, call: ManagementCall) -> Answering {
        (self.handler)(call)
    }

    fn answers<T: JsonSchema>(mut self, status: StatusCode) -> Self {
        self.success.status = status;
        self.success.schema = Some(schema_of::<T>);
        self
    }
}

/// An operation with GET.
pub(crate) fn get<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
    path: &'static str,
    name: &'static str,
    handler: fn(ManagementCall) -> F,
) -> Operation {
    Operation::new(Verb::Get, path, name, handler)
}

/// An operation with POST.
pub(crate) fn post<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
    path: &'static str,
    name: &'static str,
    handler: fn(ManagementCall) -> F,
) -> Operation {
    Operation::new(Verb::Post, path, name, handler)
}

/// An operation with PUT.
pub(crate) fn put<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
    path: &'static str,
    name: &'static str,
    handler: fn(ManagementCall) -> F,
) -> Operation {
    Operation::new(Verb::Put, path, name, handler)
}

/// An operation with PATCH.
pub(crate) fn patch<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
    path: &'static str,
    name: &'static str,
    handler: fn(ManagementCall) -> F,
) -> Operation {
    Operation::new(Verb::Patch, path, name, handler)
}

/// An operation with DELETE.
pub(crate) fn delete<F: Future<Output = Result<HttpResponse, ApiError>> + 'static>(
    path: &'static str,
    name: &'static str,
    handler: fn(ManagementCall) -> F,
) -> Operation {
    Operation::new(Verb::Delete, path, name, handler)
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
