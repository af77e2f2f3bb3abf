-- Instances and what operators set up in them. Ids are 16 bytes, times are microseconds since 1970.

CREATE TABLE instances (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    tokens_dead_below BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE tenants (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending-activation', 'active', 'suspended', 'closed')),
    app_limit BIGINT NOT NULL CHECK (app_limit >= 0),
    tokens_dead_below BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name_key)
);

CREATE TABLE regions (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    id BLOB NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    availability TEXT NOT NULL CHECK (availability IN ('active', 'inactive')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, slug)
);

CREATE TABLE region_databases (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    region_id BLOB NOT NULL,
    db_code TEXT NOT NULL,
    availability TEXT NOT NULL CHECK (availability IN ('active', 'inactive')),
    capacity BIGINT NOT NULL CHECK (capacity >= 0),
    app_count BIGINT NOT NULL CHECK (app_count >= 0),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, db_code),
    FOREIGN KEY (instance_id, region_id) REFERENCES regions (instance_id, id)
);

CREATE INDEX region_databases_of_region ON region_databases (instance_id, region_id);

-- A limit that is NULL is unlimited.
CREATE TABLE plans (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    id BLOB NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'archived', 'retired')),
    price TEXT NOT NULL CHECK (price IN ('free', 'paid')),
    units_per_hour BIGINT,
    units_per_day BIGINT,
    units_per_week BIGINT,
    units_per_month BIGINT,
    requests_per_minute BIGINT,
    features TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, slug)
);

CREATE TABLE users (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('internal', 'community', 'system')),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name)
);

CREATE TABLE resources (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    id BLOB NOT NULL,
    audience TEXT NOT NULL,
    name TEXT NOT NULL,
    limits_claims TEXT NOT NULL CHECK (limits_claims IN ('limits', 'entitlements', 'both')),
    signing_algorithm TEXT NOT NULL CHECK (signing_algorithm IN ('ES256', 'EdDSA', 'RS256', 'PS256')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, audience)
);

-- A scope's name is unique in its instance. Apps refer to it by name and outlive it, so nothing refers here.
CREATE TABLE scopes (
    instance_id BLOB NOT NULL,
    name TEXT NOT NULL,
    resource_id BLOB NOT NULL,
    description TEXT NOT NULL,
    grantee TEXT NOT NULL CHECK (grantee IN ('default', 'any-app', 'reserved')),
    PRIMARY KEY (instance_id, name),
    FOREIGN KEY (instance_id, resource_id) REFERENCES resources (instance_id, id)
);

CREATE INDEX scopes_of_resource ON scopes (instance_id, resource_id);
