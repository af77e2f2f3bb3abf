-- Requests that must not be done twice (Idempotency-Key). answer_status is NULL until the answer is known; the
-- answer never holds a secret.

CREATE TABLE idempotent_requests (
    instance_id BLOB NOT NULL,
    actor TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    answer_status BIGINT,
    answer_etag TEXT,
    answer_location TEXT,
    answer_body BLOB,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, actor, key_hash)
);

CREATE INDEX idempotent_requests_by_expiry ON idempotent_requests (expires_at);
