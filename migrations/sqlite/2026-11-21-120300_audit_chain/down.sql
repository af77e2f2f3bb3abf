DROP TABLE audit_segments;
DROP TABLE audit_heads;
DROP TABLE audit_trail;
