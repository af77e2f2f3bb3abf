-- The order of changes, and the audit trail. Both are logs: what they name may be gone, so they refer to nothing.

CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL
);

INSERT INTO change_counter (id, sequence) VALUES (1, 0);

CREATE TABLE change_log (
    sequence BIGINT NOT NULL PRIMARY KEY,
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA,
    app_id BYTEA,
    tokens_dead BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    CHECK (app_id IS NULL OR tenant_id IS NOT NULL)
);

-- refusal: the code of the denial; NULL if it was done. changes: a JSON list.
CREATE TABLE audit_events (
    instance_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    tenant_id BYTEA,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C",
    refusal TEXT COLLATE "C",
    changes TEXT COLLATE "C" NOT NULL,
    request_id BYTEA,
    at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id)
);

CREATE INDEX audit_events_by_time ON audit_events (instance_id, at, id);
CREATE INDEX audit_events_of_tenant_by_time ON audit_events (instance_id, tenant_id, at, id);

CREATE FUNCTION refuse_change_of_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or removed';
END
$$;

CREATE TRIGGER audit_events_never_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_events();

CREATE TRIGGER audit_events_never_go BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_events();
