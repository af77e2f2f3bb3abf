-- Servers that serve from memory and how far each has followed the change log; what a change is about, more closely.

CREATE TABLE nodes (
    id BLOB NOT NULL PRIMARY KEY,
    applied BIGINT NOT NULL,
    registered_at BIGINT NOT NULL
);

-- NULL was written before there was one: not known to be new.
ALTER TABLE change_log ADD COLUMN is_new BOOLEAN;
ALTER TABLE change_log ADD COLUMN secret_id BLOB;
ALTER TABLE change_log ADD COLUMN token_id BLOB;
CREATE INDEX change_log_by_time ON change_log (at);
