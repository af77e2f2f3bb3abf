-- The order of changes, and the audit trail. Both are logs: what they name may be gone, so they refer to nothing.

CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL
);

INSERT INTO change_counter (id, sequence) VALUES (1, 0);

CREATE TABLE change_log (
    sequence BIGINT NOT NULL PRIMARY KEY,
    instance_id BLOB NOT NULL,
    tenant_id BLOB,
    app_id BLOB,
    tokens_dead BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    CHECK (app_id IS NULL OR tenant_id IS NOT NULL)
);

-- refusal: the code of the denial; NULL if it was done. changes: a JSON list.
CREATE TABLE audit_events (
    instance_id BLOB NOT NULL,
    id BLOB NOT NULL,
    tenant_id BLOB,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT,
    refusal TEXT,
    changes TEXT NOT NULL,
    request_id BLOB,
    at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id)
);

CREATE INDEX audit_events_by_time ON audit_events (instance_id, at, id);
CREATE INDEX audit_events_of_tenant_by_time ON audit_events (instance_id, tenant_id, at, id);

CREATE TRIGGER audit_events_never_change BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are never changed');
END;

CREATE TRIGGER audit_events_never_go BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are never removed');
END;
