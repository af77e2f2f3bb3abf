DROP TABLE usage_counts;
DROP TABLE usage_events;
