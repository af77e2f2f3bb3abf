-- Apps and their secrets: what tenants own.

-- Domains are slots 1 to 3. Redirect URIs and scopes are JSON lists of texts.
CREATE TABLE apps (
    instance_id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    client_type TEXT NOT NULL CHECK (client_type IN ('confidential', 'public')),
    origin TEXT NOT NULL CHECK (origin IN ('external', 'platform')),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    region_id BLOB,
    region_code TEXT,
    database_id BLOB,
    db_code TEXT,
    allowed_domain_1 TEXT,
    allowed_domain_2 TEXT,
    allowed_domain_3 TEXT,
    login_redirect_uris TEXT NOT NULL,
    logout_redirect_uris TEXT NOT NULL,
    internal_sign_in BOOLEAN NOT NULL,
    community_sign_in BOOLEAN NOT NULL,
    service_access TEXT NOT NULL CHECK (service_access IN ('disabled', 'as-app', 'as-user')),
    system_user_id BLOB,
    scopes TEXT NOT NULL,
    reference_tokens TEXT NOT NULL
        CHECK (reference_tokens IN ('none', 'authenticated-users', 'administrators-only')),
    basic_authentication TEXT NOT NULL CHECK (basic_authentication IN ('off', 'allowed')),
    token_lifetime_secs BIGINT NOT NULL,
    plan_id BLOB,
    plan_assigned_at BIGINT,
    plan_on_hold_since BIGINT,
    tokens_dead_below BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, tenant_id, id),
    UNIQUE (instance_id, id),
    UNIQUE (tenant_id, id),
    UNIQUE (instance_id, client_id),
    UNIQUE (instance_id, tenant_id, name_key),
    FOREIGN KEY (instance_id, tenant_id) REFERENCES tenants (instance_id, id),
    FOREIGN KEY (instance_id, region_id) REFERENCES regions (instance_id, id),
    FOREIGN KEY (instance_id, database_id) REFERENCES region_databases (instance_id, id),
    FOREIGN KEY (instance_id, system_user_id) REFERENCES users (instance_id, id),
    FOREIGN KEY (instance_id, plan_id) REFERENCES plans (instance_id, id),
    CHECK ((region_id IS NULL) = (region_code IS NULL)),
    CHECK ((database_id IS NULL) = (db_code IS NULL)),
    CHECK (database_id IS NULL OR region_id IS NOT NULL),
    CHECK ((service_access = 'as-user') = (system_user_id IS NOT NULL)),
    CHECK ((plan_id IS NULL) = (plan_assigned_at IS NULL)),
    CHECK (plan_on_hold_since IS NULL OR plan_id IS NOT NULL)
);

CREATE INDEX apps_of_region ON apps (instance_id, region_id);
CREATE INDEX apps_of_database ON apps (instance_id, database_id);
CREATE INDEX apps_of_system_user ON apps (instance_id, system_user_id);
CREATE INDEX apps_of_plan ON apps (instance_id, plan_id);

-- The life of a secret.
CREATE TABLE client_secrets (
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    id BLOB NOT NULL,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (tenant_id, app_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id) ON DELETE CASCADE
);

-- What bookkeeping writes about a secret. A table of its own, so that its row locks never meet those of the
-- mutations of client_secrets.
CREATE TABLE client_secret_digests (
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    client_secret_id BLOB NOT NULL,
    record_hash TEXT NOT NULL,
    mac_hash BLOB,
    mac_key_id BLOB,
    last_used_at BIGINT,
    PRIMARY KEY (tenant_id, app_id, client_secret_id),
    UNIQUE (app_id, client_secret_id),
    FOREIGN KEY (tenant_id, app_id, client_secret_id)
        REFERENCES client_secrets (tenant_id, app_id, id) ON DELETE CASCADE,
    CHECK ((mac_hash IS NULL) = (mac_key_id IS NULL))
);

-- Apps that may introspect any token for a resource.
CREATE TABLE resource_servers (
    instance_id BLOB NOT NULL,
    resource_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    PRIMARY KEY (instance_id, resource_id, app_id),
    FOREIGN KEY (instance_id, resource_id) REFERENCES resources (instance_id, id),
    FOREIGN KEY (instance_id, app_id) REFERENCES apps (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX resource_servers_of_app ON resource_servers (instance_id, app_id);
