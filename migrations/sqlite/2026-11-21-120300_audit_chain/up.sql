-- The audit trail as a chain: each entry's hash covers the one before it, and the sealed head covers the last.
-- A head's and a segment's tag is made with a key that is not in the database. The table audit_events keeps the
-- events from before there was a chain; nothing writes to it any more.

CREATE TABLE audit_trail (
    instance_id BLOB NOT NULL,
    position BIGINT NOT NULL CHECK (0 < position),
    id BLOB NOT NULL,
    tenant_id BLOB,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT,
    refusal TEXT,
    changes TEXT NOT NULL,
    request_id BLOB,
    at BIGINT NOT NULL,
    previous_hash BLOB NOT NULL,
    entry_hash BLOB NOT NULL,
    PRIMARY KEY (instance_id, position),
    UNIQUE (instance_id, id)
);

CREATE INDEX audit_trail_by_time ON audit_trail (instance_id, at, position);
CREATE INDEX audit_trail_of_tenant ON audit_trail (instance_id, tenant_id, position);
CREATE INDEX audit_trail_of_object ON audit_trail (instance_id, object, position);
CREATE INDEX audit_trail_of_actor ON audit_trail (instance_id, actor, position);

CREATE TABLE audit_heads (
    instance_id BLOB NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    entry_hash BLOB NOT NULL,
    seal_key_id BLOB NOT NULL,
    seal_tag BLOB NOT NULL
);

-- What remains of entries that were pruned.
CREATE TABLE audit_segments (
    instance_id BLOB NOT NULL,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    hash_before BLOB NOT NULL,
    last_hash BLOB NOT NULL,
    pruned_at BIGINT NOT NULL,
    seal_key_id BLOB NOT NULL,
    seal_tag BLOB NOT NULL,
    PRIMARY KEY (instance_id, first_position),
    CHECK (first_position <= last_position)
);

CREATE TRIGGER audit_trail_never_changes BEFORE UPDATE ON audit_trail
BEGIN
    SELECT RAISE(ABORT, 'audit events are never changed');
END;

CREATE TRIGGER audit_trail_goes_by_segments BEFORE DELETE ON audit_trail
WHEN NOT EXISTS (
    SELECT 1 FROM audit_segments
    WHERE audit_segments.instance_id = OLD.instance_id
        AND audit_segments.first_position <= OLD.position AND OLD.position <= audit_segments.last_position
)
BEGIN
    SELECT RAISE(ABORT, 'audit events go only when their segment is sealed');
END;

CREATE TRIGGER audit_segments_never_change BEFORE UPDATE ON audit_segments
BEGIN
    SELECT RAISE(ABORT, 'audit segments are never changed');
END;

CREATE TRIGGER audit_segments_never_go BEFORE DELETE ON audit_segments
BEGIN
    SELECT RAISE(ABORT, 'audit segments are never removed');
END;
