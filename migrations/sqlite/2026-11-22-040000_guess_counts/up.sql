-- Failures in a row at what somebody signs in with, for all nodes together. user_id: names that nobody has are counted
-- alike under a few ids that nobody has, hence no foreign key.
CREATE TABLE guess_counts (
    instance_id BLOB NOT NULL REFERENCES instances (id),
    user_id BLOB NOT NULL,
    credential TEXT NOT NULL CHECK (credential IN ('password', 'second-factor')),
    failures BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id, credential)
);
