-- People who sign in: their credentials, sessions, consents, and what they granted to apps.

-- NULL was written before there was one: no address, and no kill mark.
ALTER TABLE users ADD COLUMN email TEXT;
ALTER TABLE users ADD COLUMN email_key TEXT;
ALTER TABLE users ADD COLUMN tokens_dead_below BIGINT;
CREATE UNIQUE INDEX users_by_email ON users (instance_id, email_key) WHERE email_key IS NOT NULL;

ALTER TABLE change_log ADD COLUMN user_id BLOB;
ALTER TABLE change_log ADD COLUMN grant_id BLOB;

-- NULL was written before there was one: PKCE is required, and nobody is told of logouts.
ALTER TABLE apps ADD COLUMN pkce TEXT CHECK (pkce IN ('required', 'optional'));
ALTER TABLE apps ADD COLUMN backchannel_logout_uri TEXT;

CREATE TABLE passwords (
    instance_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

-- sealed_totp_key: encrypted with a key that is not in the database.
CREATE TABLE totp_credentials (
    instance_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    sealed_totp_key BLOB NOT NULL,
    last_step BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

CREATE TABLE recovery_codes (
    instance_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (instance_id, user_id, code_hash),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

CREATE TABLE passkeys (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    credential_id BLOB NOT NULL,
    name TEXT NOT NULL,
    passkey TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, credential_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

CREATE INDEX passkeys_of_user ON passkeys (instance_id, user_id, id);

-- methods: how the user signed in, at authenticated_at. sequence: what the node had applied of the change log.
CREATE TABLE sessions (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    handle_hash BLOB NOT NULL,
    methods TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, handle_hash),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

CREATE INDEX sessions_of_user ON sessions (instance_id, user_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE account_links (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    handle_hash BLOB NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('first-operator', 'welcome', 'reset')),
    user_id BLOB,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (instance_id, handle_hash),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id),
    CHECK ((purpose = 'first-operator') = (user_id IS NULL))
);

CREATE INDEX account_links_of_user ON account_links (instance_id, user_id);
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

-- scopes: a JSON list of texts.
CREATE TABLE consents (
    instance_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    scopes TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id, app_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id),
    FOREIGN KEY (instance_id, app_id) REFERENCES apps (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX consents_of_app ON consents (instance_id, app_id);

CREATE TABLE person_grants (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    offline BOOLEAN NOT NULL,
    scopes TEXT NOT NULL,
    audience TEXT NOT NULL,
    methods TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id),
    FOREIGN KEY (instance_id, app_id) REFERENCES apps (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX person_grants_of_user ON person_grants (instance_id, user_id, id);
CREATE INDEX person_grants_of_session ON person_grants (instance_id, session_id, id);
CREATE INDEX person_grants_of_app ON person_grants (instance_id, app_id);
CREATE INDEX person_grants_by_expiry ON person_grants (expires_at);
CREATE INDEX person_grants_by_revocation ON person_grants (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE authorization_codes (
    instance_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    grant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    redirect_uri TEXT NOT NULL,
    was_redirect_uri_sent BOOLEAN NOT NULL,
    challenge TEXT,
    nonce TEXT,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    PRIMARY KEY (instance_id, code_hash),
    FOREIGN KEY (instance_id, grant_id) REFERENCES person_grants (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX authorization_codes_of_grant ON authorization_codes (instance_id, grant_id);

CREATE TABLE refresh_tokens (
    instance_id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    grant_id BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (instance_id, token_hash),
    FOREIGN KEY (instance_id, grant_id) REFERENCES person_grants (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX refresh_tokens_of_grant ON refresh_tokens (instance_id, grant_id);

-- made_by: an actor, as in the audit trail.
CREATE TABLE reference_tokens (
    instance_id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'service')),
    user_id BLOB,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    audience TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (instance_id, tenant_id, id),
    UNIQUE (instance_id, id),
    UNIQUE (instance_id, token_hash),
    FOREIGN KEY (instance_id, app_id) REFERENCES apps (instance_id, id) ON DELETE CASCADE,
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id),
    CHECK (kind = 'service' OR user_id IS NOT NULL)
);

CREATE INDEX reference_tokens_of_app ON reference_tokens (instance_id, app_id, id);
CREATE INDEX reference_tokens_of_user ON reference_tokens (instance_id, user_id, id);

-- What bookkeeping writes, so that its row locks never meet those of mutations.
CREATE TABLE reference_token_uses (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, id) REFERENCES reference_tokens (instance_id, id) ON DELETE CASCADE
);

CREATE TABLE logout_notices (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, app_id) REFERENCES apps (instance_id, id) ON DELETE CASCADE
);

CREATE INDEX logout_notices_of_app ON logout_notices (instance_id, app_id);
CREATE INDEX logout_notices_by_due ON logout_notices (due_at, id);
