-- Signing keys, revoked access tokens and things that work once.

-- state_at: since when it is active or gone, until when it is retiring.
CREATE TABLE signing_keys (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    id BYTEA NOT NULL,
    algorithm TEXT COLLATE "C" NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256', 'PS256')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pre-published', 'active', 'retiring', 'gone')),
    state_at BIGINT,
    public_jwk TEXT COLLATE "C" NOT NULL,
    sealed_private_key BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    CHECK ((state = 'pre-published') = (state_at IS NULL)),
    CHECK (state <> 'gone' OR sealed_private_key IS NULL)
);

-- Refers to no app: a token stays revoked when its app is deleted.
CREATE TABLE revoked_tokens (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    token_id BYTEA NOT NULL,
    app_id BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, token_id)
);

CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

CREATE TABLE single_uses (
    instance_id BYTEA NOT NULL REFERENCES instances (id),
    handle_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT,
    PRIMARY KEY (instance_id, handle_hash)
);

CREATE INDEX single_uses_by_expiry ON single_uses (expires_at);
