-- Where an app keeps its files, if not in the storage of the platform. check_outcome: how the last connection
-- check ended; NULL if these settings were never checked.

CREATE TABLE storage_configs (
    instance_id BLOB NOT NULL,
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    id BLOB NOT NULL,
    provider TEXT NOT NULL
        CHECK (provider IN ('aws_s3', 'tigris', 'cloudflare_r2', 'minio', 'backblaze_b2')),
    bucket TEXT NOT NULL,
    access_key TEXT NOT NULL,
    sealed_secret_key BLOB NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    checked_at BIGINT,
    check_outcome TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, tenant_id, app_id),
    UNIQUE (instance_id, id),
    UNIQUE (instance_id, app_id),
    FOREIGN KEY (instance_id, tenant_id, app_id) REFERENCES apps (instance_id, tenant_id, id) ON DELETE CASCADE,
    CHECK ((checked_at IS NULL) = (check_outcome IS NULL))
);
