//! The parameters that queries of the management API may have.

use serde_json::{Value, json};

use crate::management::list_query::{DEFAULT_LIMIT, MAX_LIMIT};

/// A parameter of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueryParameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) description: &'static str,
    /// What its values look like.
    pub(crate) values: Values,
}

/// What the values of a parameter look like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values {
    /// From 1 to the limit of a page.
    Limit,
    /// What an earlier page gave.
    Cursor,
    /// An identifier with this prefix.
    Id(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Number {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
        /// The one that is meant if none is named.
        usual: u32,
    },
    /// A part of a name.
    Search,
    /// A time (RFC 3339).
    Time,
    /// Anything with this as its schema's pattern.
    Pattern(&'static str),
}

impl Values {
    /// As JSON Schema.
    pub(crate) fn schema(self) -> Value {
        match self {
            Self::Limit => {
                json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT})
            }
            Self::Cursor => json!({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 2_048}),
            Self::Id(prefix) => {
                json!({"type": "string", "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")})
            }
            Self::OneOf(names) => json!({"type": "string", "enum": names}),
            Self::Number { least, most, usual } => {
                json!({"type": "integer", "minimum": least, "maximum": most, "default": usual})
            }
            Self::Time => json!({"type": "string", "format": "date-time"}),
            Self::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
            Self::Search => json!({"type": "string", "minLength": 1, "maxLength": 400}),
        }
    }
}

/// `limit`.
pub(crate) const LIMIT: QueryParameter = QueryParameter {
    name: "limit",
    description: "How many records the page shows at most.",
    values: Values::Limit,
};

/// `after`.
pub(crate) const AFTER: QueryParameter = QueryParameter {
    name: "after",
    description: "The `next` of the page before; good for the same list with the same filters and sort only.",
    values: Values::Cursor,
};

/// `sort`.
pub(crate) const SORT: QueryParameter = QueryParameter {
    name: "sort",
    description: "What the list is ordered by; with `-` from the last to the first.",
    values: Values::OneOf(&["created_at", "-created_at", "name", "-name"]),
};

/// `sort`.
pub(crate) const SORT_BY_CREATION: QueryParameter = QueryParameter {
    name: "sort",
    description: "What the list is ordered by; with `-` from the last to the first.",
    values: Values::OneOf(&["created_at", "-created_at"]),
};

/// `sort`.
pub(crate) const SORT_BY_NAME: QueryParameter = QueryParameter {
    name: "sort",
    description: "What the list is ordered by; with `-` from the last to the first.",
    values: Values::OneOf(&["name", "-name"]),
};

/// `search`.
pub(crate) const SEARCH: QueryParameter = QueryParameter {
    name: "search",
    description: "Only records with this in their name or code, whatever the case; no character has a special meaning.",
    values: Values::Search,
};

/// `tenant_id`.
pub(crate) const TENANT_ID: QueryParameter = QueryParameter {
    name: "tenant_id",
    description: "Only records of this tenant.",
    values: Values::Id("ten"),
};

/// A parameter whose values are named.
pub(crate) const fn one_of(
    name: &'static str,
    description: &'static str,
    names: &'static [&'static str],
) -> QueryParameter {
    QueryParameter { name, description, values: Values::OneOf(names) }
}
