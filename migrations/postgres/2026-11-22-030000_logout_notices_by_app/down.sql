CREATE INDEX logout_notices_by_due ON logout_notices (due_at, id);
DROP INDEX logout_notices_by_app_and_due;
