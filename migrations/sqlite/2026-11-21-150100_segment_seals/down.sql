DROP TRIGGER audit_segments_never_change;

CREATE TRIGGER audit_segments_never_change BEFORE UPDATE ON audit_segments
BEGIN
    SELECT RAISE(ABORT, 'audit segments are never changed');
END;
