-- What resource servers report of the usage of apps, in Document Units. No foreign keys: what was used stays used when
-- an app is gone, and counting waits for no change of an app.

-- Events, kept as long as one could be reported again.
CREATE TABLE usage_events (
    instance_id BLOB NOT NULL,
    reporter_id BLOB NOT NULL,
    event_id TEXT NOT NULL,
    app_id BLOB NOT NULL,
    units BIGINT NOT NULL CHECK (0 < units),
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, reporter_id, event_id)
);

CREATE INDEX usage_events_by_receipt ON usage_events (received_at);

-- Sums of the events in each window of the calendar.
CREATE TABLE usage_counts (
    tenant_id BLOB NOT NULL,
    app_id BLOB NOT NULL,
    window_kind TEXT NOT NULL CHECK (window_kind IN ('hour', 'day', 'week', 'month')),
    starts_at BIGINT NOT NULL,
    units BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, window_kind, starts_at)
);

CREATE INDEX usage_counts_of_tenant ON usage_counts (tenant_id, window_kind, starts_at);
CREATE INDEX usage_counts_by_start ON usage_counts (window_kind, starts_at, app_id);
