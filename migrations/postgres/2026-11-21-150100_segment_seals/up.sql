-- After a new master key a segment is sealed again; of what it stands for, nothing can change.
DROP TRIGGER audit_segments_never_change ON audit_segments;

CREATE TRIGGER audit_segments_never_change
    BEFORE DELETE OR UPDATE OF instance_id, first_position, last_position, hash_before, last_hash, pruned_at
    ON audit_segments FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_trail();
