-- The audit trail as a chain: each entry's hash covers the one before it, and the sealed head covers the last.
-- A head's and a segment's tag is made with a key that is not in the database. The table audit_events keeps the
-- events from before there was a chain; nothing writes to it any more.

CREATE TABLE audit_trail (
    instance_id BYTEA NOT NULL,
    position BIGINT NOT NULL CHECK (0 < position),
    id BYTEA NOT NULL,
    tenant_id BYTEA,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C",
    refusal TEXT COLLATE "C",
    changes TEXT COLLATE "C" NOT NULL,
    request_id BYTEA,
    at BIGINT NOT NULL,
    previous_hash BYTEA NOT NULL,
    entry_hash BYTEA NOT NULL,
    PRIMARY KEY (instance_id, position),
    UNIQUE (instance_id, id)
);

CREATE INDEX audit_trail_by_time ON audit_trail (instance_id, at, position);
CREATE INDEX audit_trail_of_tenant ON audit_trail (instance_id, tenant_id, position);
CREATE INDEX audit_trail_of_object ON audit_trail (instance_id, object, position);
CREATE INDEX audit_trail_of_actor ON audit_trail (instance_id, actor, position);

CREATE TABLE audit_heads (
    instance_id BYTEA NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    entry_hash BYTEA NOT NULL,
    seal_key_id BYTEA NOT NULL,
    seal_tag BYTEA NOT NULL
);

-- What remains of entries that were pruned.
CREATE TABLE audit_segments (
    instance_id BYTEA NOT NULL,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    hash_before BYTEA NOT NULL,
    last_hash BYTEA NOT NULL,
    pruned_at BIGINT NOT NULL,
    seal_key_id BYTEA NOT NULL,
    seal_tag BYTEA NOT NULL,
    PRIMARY KEY (instance_id, first_position),
    CHECK (first_position <= last_position)
);

CREATE FUNCTION refuse_change_of_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events and segments are never changed or removed';
END
$$;

CREATE FUNCTION refuse_unsealed_removal_of_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM audit_segments
        WHERE audit_segments.instance_id = OLD.instance_id
            AND audit_segments.first_position <= OLD.position AND OLD.position <= audit_segments.last_position
    ) THEN
        RAISE EXCEPTION 'audit events go only when their segment is sealed';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER audit_trail_never_changes BEFORE UPDATE ON audit_trail
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_trail();

CREATE TRIGGER audit_trail_goes_by_segments BEFORE DELETE ON audit_trail
    FOR EACH ROW EXECUTE FUNCTION refuse_unsealed_removal_of_audit_trail();

CREATE TRIGGER audit_trail_never_goes BEFORE TRUNCATE ON audit_trail
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_trail();

CREATE TRIGGER audit_segments_never_change BEFORE UPDATE OR DELETE ON audit_segments
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_trail();

CREATE TRIGGER audit_segments_never_go BEFORE TRUNCATE ON audit_segments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_trail();
