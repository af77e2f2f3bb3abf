-- The accent colour of an instance's pages. NULL was written before there was one: blue.
ALTER TABLE instances ADD COLUMN accent TEXT COLLATE "C"
    CHECK (accent IN ('blue', 'teal', 'green', 'violet', 'rose', 'amber', 'slate'));
