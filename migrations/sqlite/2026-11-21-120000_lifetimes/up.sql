-- Since when things are as they are, how old secrets may get, and the orders that lists are shown in.
-- A state_since that is NULL was written before there was one: since the record was created.

ALTER TABLE instances ADD COLUMN state_since BIGINT;
ALTER TABLE tenants ADD COLUMN state_since BIGINT;
ALTER TABLE plans ADD COLUMN state_since BIGINT;
ALTER TABLE users ADD COLUMN state_since BIGINT;
ALTER TABLE apps ADD COLUMN state_since BIGINT;

-- NULL is unlimited.
ALTER TABLE tenants ADD COLUMN secret_max_age_days BIGINT;

-- The last warning of its expiry, in days before it; NULL if there was none.
ALTER TABLE client_secret_digests ADD COLUMN warned_days BIGINT;

CREATE INDEX client_secrets_by_expiry ON client_secrets (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX client_secrets_by_revocation ON client_secrets (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX apps_by_name ON apps (instance_id, name_key, id);
CREATE INDEX apps_by_state ON apps (instance_id, state, id);
CREATE INDEX tenants_by_state ON tenants (instance_id, state, id);
