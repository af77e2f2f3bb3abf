//! What was typed into the form of the storage settings. The secret key goes to the use case and nowhere else.

use turnkeep_console::dashboard::storage::StorageForm;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::storage_config::StorageSettings;
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::storage_settings::PutStorageRequest;
use turnkeep_protocol::presented_secret::PresentedSecret;
use turnkeep_service::storage_settings::precondition::Expected;
use turnkeep_service::storage_settings::put_settings::PutStorageSettings;

use crate::dashboard::form_errors::FormErrors;
use crate::management::apps::storage::command_of;
use crate::management::field_errors::FieldErrors;

/// The form as it was filled in, without the secret key.
#[derive(Debug, Default)]
pub(super) struct TypedStorage {
    provider: String,
    bucket: String,
    endpoint: String,
    region: String,
    access_key: String,
}

impl TypedStorage {
    /// What is set now.
    pub(super) fn of(settings: &StorageSettings) -> Self {
        Self {
            provider: settings.provider().to_string(),
            bucket: settings.bucket().to_string(),
            endpoint: settings.endpoint().to_string(),
            region: settings.region().to_string(),
            access_key: settings.access_key().to_string(),
        }
    }

    /// Reads what was sent.
    pub(super) fn read(form: &mut FormParameters) -> Self {
        let mut text = |name| form.take(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        Self {
            provider: text("provider"),
            bucket: text("bucket"),
            endpoint: text("endpoint"),
            region: text("region"),
            access_key: text("access_key"),
        }
    }

    /// What is asked for, or what is wrong with it.
    pub(super) fn command(
        &self,
        secret_key: Option<PresentedSecret>,
        plain_http: PlainHttp,
        expected: Expected,
    ) -> Result<PutStorageSettings, FormErrors> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let request = PutStorageRequest {
            provider: self.provider.clone(),
            bucket: self.bucket.clone(),
            access_key: self.access_key.clone(),
            secret_key,
            endpoint: given(&self.endpoint),
            region: given(&self.region),
        };
        let mut errors = FieldErrors::default();
        let command = command_of(&mut errors, &request, plain_http, expected);
        errors.finish_fields(command).map_err(FormErrors::from)
    }

    /// The form, with what is wrong beside its fields. A secret key is not needed again where there is one.
    pub(super) fn form(&self, action: String, version: Option<i64>, errors: &FormErrors) -> StorageForm {
        let field = |name: &'static str, label, hint: &'static str, value: &str| TextField {
            id: name.replace('_', "-").into(),
            hint: Some(hint.into()),
            error: errors.of(name),
            ..TextField::line(name, label, value.to_owned())
        };
        let secret_key_hint = match version {
            None => "It is stored encrypted, used on your behalf, and never shown.",
            Some(_) => {
                "Leave it empty to keep the stored one. It has to be entered again when provider, endpoint or access \
                 key change."
            }
        };
        StorageForm {
            action,
            version,
            provider: self.provider_field(errors),
            bucket: TextField { required: true, ..field("bucket", "Bucket", BUCKET_HINT, &self.bucket) },
            endpoint: field("endpoint", "Endpoint", ENDPOINT_HINT, &self.endpoint),
            region: field("region", "Region", REGION_HINT, &self.region),
            access_key: TextField {
                required: true,
                ..field("access_key", "Access key", ACCESS_KEY_HINT, &self.access_key)
            },
            secret_key: TextField {
                required: version.is_none(),
                kind: TextKind::Secret,
                ..field("secret_key", "Secret key", secret_key_hint, "")
            },
        }
    }

    fn provider_field(&self, errors: &FormErrors) -> ChoiceField {
        let choice = |provider: StorageProvider| Choice {
            hint: Some(needs_of(provider).into()),
            ..Choice::of(provider.as_str(), name_of(provider))
        };
        ChoiceField {
            id: "provider".into(),
            name: "provider".into(),
            label: "Provider".into(),
            chosen: self.provider.clone(),
            choices: StorageProvider::ALL.map(choice).to_vec(),
            error: errors.of("provider"),
            style: ChoiceStyle::Buttons,
            ..ChoiceField::default()
        }
    }
}

const BUCKET_HINT: &str = "It has to be there already, and the keys have to open it.";
const ENDPOINT_HINT: &str =
    "Such as https://minio.example.com:9000. Leave it empty where the provider implies it.";
const REGION_HINT: &str = "Such as eu-west-1. Leave it empty where the provider implies it.";
const ACCESS_KEY_HINT: &str = "The one of the two keys that is no secret.";

/// What people call a provider.
pub(super) const fn name_of(provider: StorageProvider) -> &'static str {
    match provider {
        StorageProvider::AwsS3 => "Amazon S3",
        StorageProvider::Tigris => "Tigris",
        StorageProvider::CloudflareR2 => "Cloudflare R2",
        StorageProvider::MinIo => "MinIO",
        StorageProvider::BackblazeB2 => "Backblaze B2",
    }
}

const fn needs_of(provider: StorageProvider) -> &'static str {
    match provider {
        StorageProvider::AwsS3 => "Needs the region; the endpoint follows from it.",
        StorageProvider::Tigris => "Needs neither endpoint nor region.",
        StorageProvider::CloudflareR2 => "Needs the endpoint of your account; there is no region to choose.",
        StorageProvider::MinIo => {
            "Or anything else of yours that speaks S3. Needs the endpoint; the region is us-east-1 unless you set another."
        }
        StorageProvider::BackblazeB2 => "Needs the endpoint or the region; the other follows from it.",
    }
}
