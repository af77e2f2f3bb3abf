-- A part of a name is looked for in these alone; an app's row is much wider.
CREATE INDEX apps_by_creation_with_name ON apps (instance_id, id, name_key);
