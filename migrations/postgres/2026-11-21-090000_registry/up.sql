-- Instances and what operators set up in them. Ids are 16 bytes, times are microseconds since 1970.

CREATE TABLE instances (
    id BYTEA NOT NULL PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'disabled')),
    tokens_dead_below BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE tenants (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending-activation', 'active', 'suspended', 'closed')),
    app_limit BIGINT NOT NULL CHECK (app_limit >= 0),
    tokens_dead_below BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name_key)
);

CREATE TABLE regions (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    availability TEXT COLLATE "C" NOT NULL CHECK (availability IN ('active', 'inactive')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, slug)
);

CREATE TABLE region_databases (
    instance_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    region_id BYTEA NOT NULL,
    db_code TEXT COLLATE "C" NOT NULL,
    availability TEXT COLLATE "C" NOT NULL CHECK (availability IN ('active', 'inactive')),
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
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'active', 'archived', 'retired')),
    price TEXT COLLATE "C" NOT NULL CHECK (price IN ('free', 'paid')),
    units_per_hour BIGINT,
    units_per_day BIGINT,
    units_per_week BIGINT,
    units_per_month BIGINT,
    requests_per_minute BIGINT,
    features TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, slug)
);

CREATE TABLE users (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('internal', 'community', 'system')),
    name TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name)
);

CREATE TABLE resources (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    limits_claims TEXT COLLATE "C" NOT NULL CHECK (limits_claims IN ('limits', 'entitlements', 'both')),
    signing_algorithm TEXT COLLATE "C" NOT NULL CHECK (signing_algorithm IN ('ES256', 'EdDSA', 'RS256', 'PS256')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, audience)
);

-- A scope's name is unique in its instance. Apps refer to it by name and outlive it, so nothing refers here.
CREATE TABLE scopes (
    instance_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    resource_id BYTEA NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    grantee TEXT COLLATE "C" NOT NULL CHECK (grantee IN ('default', 'any-app', 'reserved')),
    PRIMARY KEY (instance_id, name),
    FOREIGN KEY (instance_id, resource_id) REFERENCES resources (instance_id, id)
);

CREATE INDEX scopes_of_resource ON scopes (instance_id, resource_id);
