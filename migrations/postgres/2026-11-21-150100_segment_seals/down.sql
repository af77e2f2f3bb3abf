DROP TRIGGER audit_segments_never_change ON audit_segments;

CREATE TRIGGER audit_segments_never_change BEFORE UPDATE OR DELETE ON audit_segments
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_trail();
