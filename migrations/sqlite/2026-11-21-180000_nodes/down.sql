DROP INDEX change_log_by_time;
ALTER TABLE change_log DROP COLUMN token_id;
ALTER TABLE change_log DROP COLUMN secret_id;
ALTER TABLE change_log DROP COLUMN is_new;
DROP TABLE nodes;
