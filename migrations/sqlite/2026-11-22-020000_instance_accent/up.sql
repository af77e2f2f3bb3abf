-- The accent colour of an instance's pages. NULL was written before there was one: blue.
ALTER TABLE instances ADD COLUMN accent TEXT
    CHECK (accent IN ('blue', 'teal', 'green', 'violet', 'rose', 'amber', 'slate'));
