//! `POST /instances`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::management::instance::CreateInstanceRequest;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::instances::show;

/// Creates an instance.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateInstanceRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let slug = errors.check("slug", Slug::parse(&request.slug));
    let name = errors.check("name", DisplayName::parse(&request.name));
    let accent = request.accent.unwrap_or_default().into();
    let command = slug.zip(name).map(|(slug, name)| CreateInstanceCommand { slug, name, accent });
    let command = errors.finish(command)?;
    let instance = call.run(move |context| create_instance(context, &command)).await?;
    let location = call.url(&format!("instances/{}", instance.id));
    Ok(answer::created(location, Some(instance.version), &show(&call, &instance)))
}
