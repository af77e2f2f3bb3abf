-- Who may do what: members of tenants, operators of instances, invitations, and the tokens of people.

CREATE TABLE memberships (
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'auditor')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, tenant_id, user_id),
    FOREIGN KEY (instance_id, tenant_id) REFERENCES tenants (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

CREATE INDEX memberships_of_user ON memberships (instance_id, user_id, tenant_id);

CREATE TABLE operators (
    instance_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id)
);

-- state_at: when it was accepted or cancelled. invited_by: an actor, as in the audit trail.
CREATE TABLE invitations (
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'auditor')),
    invited_by TEXT COLLATE "C" NOT NULL,
    handle_hash BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'cancelled')),
    state_at BIGINT,
    accepted_by BYTEA,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, tenant_id, id),
    UNIQUE (instance_id, handle_hash),
    FOREIGN KEY (instance_id, tenant_id) REFERENCES tenants (instance_id, id),
    CHECK ((state = 'pending') = (state_at IS NULL)),
    CHECK ((state = 'accepted') = (accepted_by IS NOT NULL))
);

-- tenant_id: the tenant it is good for; NULL for none. issued_by: an actor.
CREATE TABLE management_tokens (
    instance_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    tenant_id BYTEA,
    handle_hash BYTEA NOT NULL,
    issued_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, handle_hash),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id),
    FOREIGN KEY (instance_id, tenant_id) REFERENCES tenants (instance_id, id)
);

CREATE INDEX management_tokens_of_user ON management_tokens (instance_id, user_id, id);
CREATE INDEX management_tokens_of_tenant ON management_tokens (instance_id, tenant_id);
CREATE INDEX management_tokens_by_expiry ON management_tokens (expires_at);
