-- Where an app keeps its files, if not in the storage of the platform. check_outcome: how the last connection
-- check ended; NULL if these settings were never checked.

CREATE TABLE storage_configs (
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA NOT NULL,
    app_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    provider TEXT COLLATE "C" NOT NULL
        CHECK (provider IN ('aws_s3', 'tigris', 'cloudflare_r2', 'minio', 'backblaze_b2')),
    bucket TEXT COLLATE "C" NOT NULL,
    access_key TEXT COLLATE "C" NOT NULL,
    sealed_secret_key BYTEA NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    checked_at BIGINT,
    check_outcome TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (instance_id, tenant_id, app_id),
    UNIQUE (instance_id, id),
    UNIQUE (instance_id, app_id),
    FOREIGN KEY (instance_id, tenant_id, app_id) REFERENCES apps (instance_id, tenant_id, id) ON DELETE CASCADE,
    CHECK ((checked_at IS NULL) = (check_outcome IS NULL))
);
