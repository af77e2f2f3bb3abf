ALTER TABLE plans DROP COLUMN token_requests_mode;
ALTER TABLE plans DROP COLUMN token_requests_per_day;
ALTER TABLE plans DROP COLUMN token_requests_per_hour;
ALTER TABLE plans DROP COLUMN token_requests_per_minute;
