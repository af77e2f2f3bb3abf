-- Apps take turns in being told, so notices are looked for app by app.
CREATE INDEX logout_notices_by_app_and_due ON logout_notices (app_id, due_at, id);
DROP INDEX logout_notices_by_due;
