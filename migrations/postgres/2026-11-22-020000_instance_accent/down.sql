ALTER TABLE instances DROP COLUMN accent;
