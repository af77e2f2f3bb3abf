DROP INDEX apps_by_origin;
CREATE INDEX apps_of_plan ON apps (instance_id, plan_id);
DROP INDEX apps_on_plan_by_tenant;
