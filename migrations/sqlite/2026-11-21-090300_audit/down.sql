DROP TABLE audit_events;
DROP TABLE change_log;
DROP TABLE change_counter;
