DROP TABLE audit_segments;
DROP TABLE audit_heads;
DROP TABLE audit_trail;
DROP FUNCTION refuse_unsealed_removal_of_audit_trail();
DROP FUNCTION refuse_change_of_audit_trail();
