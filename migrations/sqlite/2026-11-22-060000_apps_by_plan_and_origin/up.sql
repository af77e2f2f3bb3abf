-- How many apps of which tenant are on a plan, without a look at the apps.
CREATE INDEX apps_on_plan_by_tenant ON apps (instance_id, plan_id, tenant_id);
DROP INDEX apps_of_plan;
-- The platform's own app among those of customers.
CREATE INDEX apps_by_origin ON apps (instance_id, origin, id);
