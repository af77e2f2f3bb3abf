-- How many requests of each app were refused in each hour (UTC), by reason. hour_start: when the hour began, in
-- microseconds; reason: its stable code. Rows outlive their app: what was counted stays counted.
CREATE TABLE token_refusals (
    instance_id BYTEA NOT NULL,
    tenant_id BYTEA NOT NULL,
    app_id BYTEA NOT NULL,
    hour_start BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    refused BIGINT NOT NULL CHECK (0 <= refused),
    PRIMARY KEY (instance_id, tenant_id, app_id, hour_start, reason)
);

CREATE INDEX token_refusals_by_hour ON token_refusals (hour_start);
CREATE INDEX token_refusals_of_tenant ON token_refusals (instance_id, tenant_id, hour_start);
