//! What the texts and numbers of requests and responses look like, for the API's own description (JSON Schema).
//!
//! Never stricter than the parser: what a schema here refuses is refused by the server too. What a schema cannot
//! say (which of two limits is larger, whether a host name is one) the parser refuses beyond it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

macro_rules! describe {
    ($($(#[doc = $doc:literal])+ $name:ident = { $($schema:tt)+ };)+) => {$(
        $(#[doc = $doc])+
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "description": concat!($($doc),+).trim(), $($schema)+ })
            }
        }
    )+};
}

describe! {
    /// Identifier of an instance.
    InstanceIdText = { "type": "string", "pattern": "^ins_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a tenant.
    TenantIdText = { "type": "string", "pattern": "^ten_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of an app.
    AppIdText = { "type": "string", "pattern": "^app_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a secret of an app.
    SecretIdText = { "type": "string", "pattern": "^sec_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a plan.
    PlanIdText = { "type": "string", "pattern": "^pln_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a region.
    RegionIdText = { "type": "string", "pattern": "^reg_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a database of a region.
    RegionDatabaseIdText = { "type": "string", "pattern": "^rdb_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a resource.
    ResourceIdText = { "type": "string", "pattern": "^res_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a user.
    UserIdText = { "type": "string", "pattern": "^usr_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of an invitation.
    InvitationIdText = { "type": "string", "pattern": "^inv_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a management token.
    ManagementTokenIdText = { "type": "string", "pattern": "^mtk_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of a reference token.
    ReferenceTokenIdText = { "type": "string", "pattern": "^rtk_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// Identifier of an event of the audit trail.
    AuditEventIdText = { "type": "string", "pattern": "^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// A place in the chain of events, counted from 1.
    PositionNumber = { "type": "integer", "minimum": 0 };
    /// A SHA-256 hash.
    HashText = { "type": "string", "pattern": "^[0-9a-f]{64}$" };
    /// A point of the chain of events: position and hash.
    AnchorText = { "type": "string", "pattern": "^[0-9]+:[0-9a-f]{64}$" };
    /// Records of an instance by natural keys (`docs/import.md`), sorted, without identifiers and secrets.
    ExchangeDocument = {
        "type": "object",
        "properties": {
            "turnkeep": { "description": "The version of the format.", "const": 1 },
            "instance": { "type": "object" },
            "resources": { "type": "array", "items": { "type": "object" } },
            "regions": { "type": "array", "items": { "type": "object" } },
            "plans": { "type": "array", "items": { "type": "object" } },
            "users": { "type": "array", "items": { "type": "object" } },
            "operators": { "type": "array", "items": { "type": "string" } },
            "tenants": { "type": "array", "items": { "type": "object" } },
            "apps": { "type": "array", "items": { "type": "object" } }
        },
        "required": ["turnkeep"],
        "additionalProperties": false
    };
    /// A number of days.
    DaysNumber = { "type": "integer", "minimum": 0 };
    /// Identifier of a request, as in the logs.
    RequestIdText = { "type": "string", "pattern": "^req_[0-7][0-9a-hjkmnp-tv-z]{25}$" };
    /// A name for people: at most 100 characters after white space is collapsed, without control and
    /// text-direction override characters.
    DisplayNameText = {
        "type": "string", "minLength": 1, "maxLength": 400,
        "pattern": concat!(
            "^[^\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*",
            "[^\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f",
            "\\u205f-\\u2064\\u2066-\\u2069\\u3000\\ufeff]",
            "[^\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"
        )
    };
    /// A text for people under the rules of a name, or nothing.
    DescriptionText = {
        "type": "string", "maxLength": 400,
        "pattern":
            "^[^\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"
    };
    /// A code: lower-case letters, digits and hyphens, with a letter or digit at both ends.
    SlugText = {
        "type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
    };
    /// The code or the id of a region.
    RegionChoiceText = {
        "type": "string",
        "pattern": "^([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?|reg_[0-7][0-9a-hjkmnp-tv-z]{25})$"
    };
    /// A client id that a vendor chose.
    ApplicationUriText = {
        "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^(?!tk_|usr_)[!#-\\[\\]-~]+$"
    };
    /// The OAuth client id.
    ClientIdText = { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!#-\\[\\]-~]+$" };
    /// A host name or IP literal with an optional port; an empty text leaves the slot empty.
    AllowedDomainText = { "type": "string" };
    /// An absolute URI in canonical form; https, or http to this computer.
    RedirectUriText = {
        "type": "string", "maxLength": 2000, "pattern": "^https?://[!$-)+-;=?-\\[\\]-~]+$"
    };
    /// Scopes, separated by spaces.
    ScopesText = {
        "type": "string", "pattern": "^ *([!#-\\[\\]-~]{1,100}( +[!#-\\[\\]-~]{1,100})*)? *$"
    };
    /// The name of a scope.
    ScopeNameText = { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!#-\\[\\]-~]+$" };
    /// The audience of tokens.
    AudienceText = { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!$-\\[\\]-~]+$" };
    /// The code of a database.
    DbCodeText = { "type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_-]+$" };
    /// An e-mail address.
    EmailAddressText = {
        "type": "string", "maxLength": 254, "pattern": "^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]+$"
    };
    /// The name a user is found by; upper case becomes lower case.
    UserNameText = { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$" };
    /// An algorithm that tokens are signed with.
    SigningAlgText = { "type": "string", "enum": ["ES256", "EdDSA", "RS256", "PS256"] };
    /// A secret, shown this once.
    RevealedSecretText = { "type": "string", "minLength": 16 };
    /// Who runs a storage.
    StorageProviderText = {
        "type": "string", "enum": ["aws_s3", "tigris", "cloudflare_r2", "minio", "backblaze_b2"]
    };
    /// The name of a bucket.
    BucketNameText = {
        "type": "string", "minLength": 3, "maxLength": 63, "pattern": "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"
    };
    /// The access key of a storage.
    StorageAccessKeyText = { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" };
    /// The secret key of a storage. It can be set and is never shown.
    StorageSecretKeyText = {
        "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[!-~]+$", "writeOnly": true
    };
    /// `https://`, a host and perhaps a port.
    StorageEndpointText = { "type": "string", "maxLength": 255, "pattern": "^[Hh][Tt][Tt][Pp][Ss]?:[!-~]+$" };
    /// The region of a storage.
    StorageRegionText = { "type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_-]+$" };
    /// A time in UTC (RFC 3339).
    TimeText = { "type": "string", "format": "date-time" };
    /// How often a record was changed; also its `ETag`.
    VersionNumber = { "type": "integer", "minimum": 1 };
    /// How long access tokens live, in seconds.
    TokenLifetimeNumber = { "type": "integer", "minimum": 60, "maximum": 900 };
    /// How long a management token lives, in seconds; at most 12 hours.
    ManagementTokenLifetimeNumber = { "type": "integer", "minimum": 60, "maximum": 43_200 };
    /// How long a reference token lives, in days.
    ReferenceTokenDaysNumber = { "type": "integer", "minimum": 1, "maximum": 366 };
    /// How long an older secret goes on, in seconds; at most 30 days.
    OverlapNumber = { "type": "integer", "minimum": 60, "maximum": 2_592_000 };
    /// How many apps a tenant may have.
    AppLimitNumber = { "type": "integer", "minimum": 0, "maximum": 1_000_000 };
    /// How old secrets may become, in whole days.
    SecretMaxAgeNumber = { "type": "integer", "minimum": 1, "maximum": 3_650 };
    /// A number of apps.
    AppCountNumber = { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    /// Document Units; a longer window allows at least as much as a shorter one.
    DocumentUnitsNumber = { "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 };
    /// Document Units of one event.
    UsedUnitsNumber = { "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_u64 };
    /// What a reporter calls an event of usage: 1 to 128 visible ASCII characters.
    UsageEventIdText = { "type": "string", "pattern": "^[!-~]{1,128}$" };
    /// Why an event of usage does not count.
    UsageRefusalText = { "type": "string", "enum": ["unknown_app", "too_old", "in_the_future", "id_reused"] };
    /// A kind of window in which usage is counted.
    UsageWindowText = { "type": "string", "enum": ["hour", "day", "week", "month"] };
    /// How near usage is to its limit.
    UsageStatusText = { "type": "string", "enum": ["healthy", "warning", "critical"] };
    /// Requests for tokens, or tokens, per window.
    TokenRequestsNumber = { "type": "integer", "minimum": 1, "maximum": 4_294_967_295_u32 };
    /// Requests per minute.
    RequestsPerMinuteNumber = { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    /// Whatever else a plan allows: at most 32 features.
    FeaturesMap = {
        "type": "object", "maxProperties": 32,
        "propertyNames": { "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_.-]+$" },
        "additionalProperties": {
            "oneOf": [
                { "type": "boolean" },
                {
                    "type": "integer",
                    "minimum": -9_007_199_254_740_991_i64, "maximum": 9_007_199_254_740_991_u64
                },
                { "type": "string", "maxLength": 200, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" }
            ]
        }
    };
}
