-- By what a display name is searched for. Of users from before it is nearly so until they are changed.
ALTER TABLE users ADD COLUMN display_name_key TEXT COLLATE "C";
UPDATE users SET display_name_key = lower(display_name);
