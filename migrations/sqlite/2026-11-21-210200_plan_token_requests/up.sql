-- How many tokens each app on a plan may ask for; NULL is unlimited.
ALTER TABLE plans ADD COLUMN token_requests_per_minute BIGINT;
ALTER TABLE plans ADD COLUMN token_requests_per_hour BIGINT;
ALTER TABLE plans ADD COLUMN token_requests_per_day BIGINT;

-- NULL was written before there was one: enforced.
ALTER TABLE plans ADD COLUMN token_requests_mode TEXT CHECK (token_requests_mode IN ('enforced', 'dry-run'));
