-- How many tokens each app got in each hour (UTC), how many a quota refused, and how many it would have refused if it
-- were enforced. hour_start: when the hour began, in microseconds. Rows outlive their app: what was counted stays
-- counted.
CREATE TABLE token_counts (
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA NOT NULL,
    app_id BYTEA NOT NULL,
    hour_start BIGINT NOT NULL,
    issued BIGINT NOT NULL CHECK (0 <= issued),
    refused BIGINT NOT NULL CHECK (0 <= refused),
    would_refuse BIGINT NOT NULL CHECK (0 <= would_refuse),
    PRIMARY KEY (instance_id, tenant_id, app_id, hour_start)
);

CREATE INDEX token_counts_by_hour ON token_counts (hour_start);
CREATE INDEX token_counts_of_instance ON token_counts (instance_id, hour_start);
CREATE INDEX token_counts_of_tenant ON token_counts (instance_id, tenant_id, hour_start);
