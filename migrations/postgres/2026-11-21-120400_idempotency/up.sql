-- Requests that must not be done twice (Idempotency-Key). answer_status is NULL until the answer is known; the
-- answer never holds a secret.

CREATE TABLE idempotent_requests (
    instance_id BYTEA NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    key_hash BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    answer_status BIGINT,
    answer_etag TEXT COLLATE "C",
    answer_location TEXT COLLATE "C",
    answer_body BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, actor, key_hash)
);

CREATE INDEX idempotent_requests_by_expiry ON idempotent_requests (expires_at);
