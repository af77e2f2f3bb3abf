-- After a new master key a segment is sealed again; of what it stands for, nothing can change.
DROP TRIGGER audit_segments_never_change;

CREATE TRIGGER audit_segments_never_change
BEFORE UPDATE OF instance_id, first_position, last_position, hash_before, last_hash, pruned_at ON audit_segments
BEGIN
    SELECT RAISE(ABORT, 'audit segments are never changed');
END;
