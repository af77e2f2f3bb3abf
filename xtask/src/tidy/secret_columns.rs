//! No plaintext secret in the database: a column that by its name would hold one must hold a hash.

use super::finding::Finding;
use super::source_files::SourceFile;

const ENDINGS: [&str; 3] = ["token", "secret", "code"];

/// Columns that end in such a word and are no secret, and what they are.
const ALLOWED: [(&str, &str); 2] =
    [("db_code", "names a database of a region"), ("region_code", "names a region")];

/// What may stand where a column's name does.
const CONSTRAINTS: [&str; 7] = ["constraint", "primary", "unique", "foreign", "check", "exclude", "like"];

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.path.starts_with("migrations/") || !file.path.ends_with(".sql") {
        return Vec::new();
    }
    let holds_secret = |column: &str| {
        ENDINGS.iter().any(|ending| column.ends_with(ending))
            && ALLOWED.iter().all(|(name, _)| *name != column)
    };
    let columns = columns(&words(&file.text));
    let secret = columns.into_iter().filter(|word| holds_secret(&word.text));
    let message = |column: &str| format!("column `{column}` must hold a hash and be named `{column}_hash`");
    secret.map(|word| Finding::new(&file.path, word.line, message(&word.text))).collect()
}

/// A name or keyword in lower case, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    line: usize,
}

impl Word {
    fn is_name(&self) -> bool {
        self.text.starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// Splits SQL into words and signs; comments and quoted text are left out, quotes of names taken off.
fn words(sql: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut in_text = false;
    for (line, code) in (1..).zip(sql.lines()) {
        let mut in_name = false;
        let mut rest = code.chars().peekable();
        while let Some(sign) = rest.next() {
            let continues = in_name;
            in_name = false;
            if sign == '\'' {
                in_text = !in_text;
            } else if in_text || matches!(sign, '"' | '`' | '[' | ']') || sign.is_whitespace() {
            } else if sign == '-' && rest.peek() == Some(&'-') {
                break;
            } else {
                in_name = sign.is_alphanumeric() || sign == '_';
                let letter = sign.to_ascii_lowercase();
                match words.last_mut() {
                    Some(word) if continues && in_name => word.text.push(letter),
                    _ => words.push(Word { text: letter.to_string(), line }),
                }
            }
        }
    }
    words
}

/// The columns that the statements make or rename to.
fn columns(words: &[Word]) -> Vec<Word> {
    let mut columns = Vec::new();
    for statement in words.split(|word| word.text == ";") {
        let begins = |first: &str| statement.first().is_some_and(|word| word.text == first);
        if begins("create") && statement.iter().take(4).any(|word| word.text == "table") {
            columns.extend(created(statement));
        } else if begins("alter") {
            columns.extend(altered(statement));
        }
    }
    columns
}

/// The first word of each item between the outer parentheses.
fn created(statement: &[Word]) -> Vec<Word> {
    let mut columns = Vec::new();
    let mut depth = 0_usize;
    let mut at_start = false;
    for word in statement {
        match word.text.as_str() {
            "(" => {
                depth += 1;
                at_start = depth == 1;
            }
            ")" => depth = depth.saturating_sub(1),
            "," => at_start = depth == 1,
            name => {
                if at_start && !CONSTRAINTS.contains(&name) {
                    columns.push(word.clone());
                }
                at_start = false;
            }
        }
    }
    columns
}

/// `ADD [COLUMN] [IF NOT EXISTS] name` and `RENAME [COLUMN] name TO name`.
fn altered(statement: &[Word]) -> Vec<Word> {
    const FILLERS: [&str; 4] = ["column", "if", "not", "exists"];
    let mut columns = Vec::new();
    let mut words = statement.iter().filter(|word| word.is_name() && !FILLERS.contains(&word.text.as_str()));
    while let Some(word) = words.next() {
        let made = match word.text.as_str() {
            "add" => words.next(),
            "rename" => words.nth(2),
            _ => None,
        };
        columns.extend(made.filter(|name| !CONSTRAINTS.contains(&name.text.as_str())).cloned());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str) -> Vec<Finding> {
        check(&SourceFile { path: "migrations/sqlite/1/up.sql".to_owned(), text: sql.to_owned() })
    }

    fn finding(line: usize, column: &str) -> Finding {
        let message = format!("column `{column}` must hold a hash and be named `{column}_hash`");
        Finding::new("migrations/sqlite/1/up.sql", line, message)
    }

    #[test]
    fn plaintext_columns_of_a_new_table_are_found() {
        let sql = "-- code token (secret),\nCREATE TABLE IF NOT EXISTS sign_in (\n    id TEXT NOT NULL,\n    \
                   code TEXT DEFAULT 'a, token; secret', -- token,\n    \"Refresh_Token\" TEXT,\n    \
                   access_token_hash BLOB CHECK (length(token) < 9, secret),\n    region_code TEXT,\n    \
                   CONSTRAINT secret UNIQUE (code, token)\n);\nCREATE INDEX by_code ON sign_in (code);\n";
        assert_eq!(found(sql), [finding(4, "code"), finding(5, "refresh_token")]);
    }

    #[test]
    fn plaintext_columns_of_a_changed_table_are_found() {
        let sql = "ALTER TABLE app ADD COLUMN IF NOT EXISTS client_secret TEXT,\n ADD app_token TEXT;\n\
                   ALTER TABLE app RENAME COLUMN a TO code;\nALTER TABLE app RENAME TO code;\n\
                   ALTER TABLE app DROP COLUMN token;\nALTER TABLE app ADD CONSTRAINT secret UNIQUE (a);\n";
        assert_eq!(found(sql), [finding(1, "client_secret"), finding(2, "app_token"), finding(3, "code")]);
    }

    #[test]
    fn only_migrations_are_read() {
        let file =
            SourceFile { path: "docs/a.sql".to_owned(), text: "CREATE TABLE a (code TEXT);".to_owned() };
        assert_eq!(check(&file), []);
    }
}
