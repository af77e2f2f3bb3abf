//! The schema: what the migrations make, compared with what the queries assume and with the other database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::migrations::{apply, revert_all};

use crate::backends::{migrated_postgres, migrated_sqlite};

const SCHEMA_RS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs");

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    column_type: String,
    #[diesel(sql_type = Bool)]
    required: bool,
    #[diesel(sql_type = Nullable<Text>)]
    default_value: Option<String>,
    #[diesel(sql_type = BigInt)]
    key_position: i64,
}

fn sqlite(url: &DatabaseUrl) -> SqliteConnection {
    SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap()
}

fn columns(connection: &mut SqliteConnection) -> BTreeMap<String, Vec<Column>> {
    let query = "SELECT t.name AS table_name, c.name AS column_name, c.type AS column_type, \
                 c.\"notnull\" = 1 AS required, c.dflt_value AS default_value, c.pk AS key_position \
                 FROM sqlite_master t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
                 ORDER BY t.name, c.cid";
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in sql_query(query).load::<Column>(connection).unwrap() {
        tables.entry(column.table_name.clone()).or_default().push(column);
    }
    tables
}

fn diesel_type(column: &Column) -> String {
    let name = match column.column_type.as_str() {
        "BIGINT" => "BigInt",
        "BLOB" => "Binary",
        "BOOLEAN" => "Bool",
        "INTEGER" => "Integer",
        "TEXT" => "Text",
        other => panic!("{other} is not one of the types that both databases share"),
    };
    if column.required { name.to_owned() } else { format!("Nullable<{name}>") }
}

fn schema_rs(tables: &BTreeMap<String, Vec<Column>>) -> String {
    let mut text = String::from(
        "//! The tables as Diesel knows them. Made from the migrations, not written: with \
         `TURNKEEP_UPDATE_SCHEMA=1` the\n//! test `schema_rs_is_what_the_migrations_make` writes this file anew.\n",
    );
    for (table, columns) in tables {
        let mut key: Vec<&Column> = columns.iter().filter(|column| 0 < column.key_position).collect();
        key.sort_by_key(|column| column.key_position);
        let key: Vec<&str> = key.iter().map(|column| column.column_name.as_str()).collect();
        write!(text, "\ndiesel::table! {{\n    {table} ({}) {{\n", key.join(", ")).unwrap();
        for column in columns {
            writeln!(text, "        {} -> {},", column.column_name, diesel_type(column)).unwrap();
        }
        text.push_str("    }\n}\n");
    }
    text.push_str("\ndiesel::allow_tables_to_appear_in_same_query!(\n");
    for table in tables.keys() {
        writeln!(text, "    {table},").unwrap();
    }
    text.push_str(");\n");
    text
}

#[test]
fn schema_rs_is_what_the_migrations_make() {
    let (_dir, url) = migrated_sqlite();
    let made = schema_rs(&columns(&mut sqlite(&url)));
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not of the product")]
    let update = std::env::var_os("TURNKEEP_UPDATE_SCHEMA").is_some();
    if update {
        fs::write(SCHEMA_RS, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(SCHEMA_RS).unwrap(), made, "set TURNKEEP_UPDATE_SCHEMA=1 to write it anew");
}

#[test]
fn no_table_is_wider_than_diesel_takes_and_no_column_has_a_default() {
    let (_dir, url) = migrated_sqlite();
    for (table, columns) in columns(&mut sqlite(&url)) {
        assert!(columns.len() <= 64, "{table}");
        for column in columns {
            assert_eq!(column.default_value, None, "{table}.{}", column.column_name);
        }
    }
}

#[test]
fn no_column_is_named_like_a_plain_secret() {
    let (_dir, url) = migrated_sqlite();
    for (table, columns) in columns(&mut sqlite(&url)) {
        for column in columns {
            let name = column.column_name.as_str();
            let suspect = ["token", "secret", "code", "password"].iter().any(|word| name.ends_with(word));
            assert!(!suspect || ["db_code", "region_code"].contains(&name), "{table}.{name}");
        }
    }
}

fn dump_sqlite(url: &DatabaseUrl) -> Vec<String> {
    let query = "SELECT COALESCE(sql, name) AS line FROM sqlite_master \
                 WHERE name NOT LIKE '%__diesel_schema_migrations%' ORDER BY type, name";
    sql_query(query).load::<Line>(&mut sqlite(url)).unwrap().into_iter().map(|line| line.line).collect()
}

/// Everything that a migration can make: columns, constraints, indexes, triggers, functions.
const DUMP_POSTGRES: &str = "\
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' \
           || COALESCE(column_default, '') || ' ' || COALESCE(collation_name, '') \
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' \
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_%' \
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%' \
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT proname || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
    ORDER BY 1";

#[test]
fn migrations_go_up_down_up_on_sqlite() {
    let (_dir, url) = migrated_sqlite();
    let first = dump_sqlite(&url);
    let reverted = revert_all(&url).unwrap();
    assert!(reverted.names.is_sorted_by(|later, earlier| earlier < later));
    assert_eq!(dump_sqlite(&url), Vec::<String>::new());
    assert_eq!(apply(&url).unwrap().names.len(), reverted.names.len());
    assert_eq!(dump_sqlite(&url), first);
}

#[test]
fn migrations_go_up_down_up_on_postgres() {
    let (database, url) = migrated_postgres();
    let first = database.run_sql(DUMP_POSTGRES).unwrap();
    assert!(first.contains("apps.client_id text NO  C"), "{first}");
    let reverted = revert_all(&url).unwrap();
    assert_eq!(database.run_sql(DUMP_POSTGRES).unwrap().trim(), "");
    assert_eq!(apply(&url).unwrap().names.len(), reverted.names.len());
    assert_eq!(database.run_sql(DUMP_POSTGRES).unwrap(), first);
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (_dir, url) = migrated_sqlite();
    let tables = columns(&mut sqlite(&url));
    let here: BTreeSet<String> = tables
        .values()
        .flatten()
        .map(|column| {
            let nullable = if column.required { "NO" } else { "YES" };
            let (table, name) = (&column.table_name, &column.column_name);
            format!("{table}|{name}|{}|{nullable}", column.column_type)
        })
        .collect();
    let (database, _url) = migrated_postgres();
    let query = "SELECT table_name, column_name, CASE data_type WHEN 'bytea' THEN 'BLOB' ELSE upper(data_type) END, \
                 is_nullable FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";
    let there: BTreeSet<String> = database.run_sql(query).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(here, there);
    assert!(100 < here.len(), "the columns are found");
}

#[test]
fn every_text_column_of_postgres_is_compared_byte_by_byte() {
    let (database, _url) = migrated_postgres();
    let query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' \
                 AND table_name NOT LIKE '\\_\\_%' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(database.run_sql(query).unwrap().trim(), "");
}

/// A list of columns, in their order.
type Columns = Vec<String>;

fn grouped(connection: &mut SqliteConnection, query: &str) -> Vec<(String, Columns)> {
    let mut groups: BTreeMap<String, Columns> = BTreeMap::new();
    for row in sql_query(query).load::<Line>(connection).unwrap() {
        let (group, column) = row.line.rsplit_once('|').unwrap();
        groups.entry(group.to_owned()).or_default().push(column.to_owned());
    }
    groups
        .into_iter()
        .map(|(group, columns)| (group.split('|').next().unwrap().to_owned(), columns))
        .collect()
}

fn indexes(connection: &mut SqliteConnection, unique_only: bool) -> Vec<(String, Columns)> {
    let unique = if unique_only { "AND i.\"unique\" = 1" } else { "" };
    let query = format!(
        "SELECT t.name || '|' || i.name || '|' || c.name AS line \
         FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c \
         WHERE t.type = 'table' {unique} ORDER BY t.name, i.name, c.seqno"
    );
    grouped(connection, &query)
}

#[test]
fn every_foreign_key_has_an_index() {
    let (_dir, url) = migrated_sqlite();
    let mut connection = sqlite(&url);
    let query = "SELECT t.name || '|' || f.id || '|' || f.\"from\" AS line \
                 FROM sqlite_master t, pragma_foreign_key_list(t.name) f \
                 WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq";
    let foreign_keys = grouped(&mut connection, query);
    assert!(15 < foreign_keys.len(), "the foreign keys are found");
    let indexes = indexes(&mut connection, false);
    for (table, columns) in foreign_keys {
        let wanted: BTreeSet<&String> = columns.iter().collect();
        let covered = indexes.iter().any(|(of_table, index)| {
            *of_table == table && index.iter().take(columns.len()).collect::<BTreeSet<_>>() == wanted
        });
        assert!(covered, "{table} {columns:?}");
    }
}

#[test]
fn every_tenant_owned_table_is_keyed_by_tenant() {
    // Logs name tenants, but belong to the instance: they outlive what they name. Management tokens, consents and grants
    // belong to their user, and notices of logouts are worked off for the whole instance.
    let others = [
        "audit_events",
        "audit_trail",
        "change_log",
        "consents",
        "logout_notices",
        "management_tokens",
        "person_grants",
    ];
    let (_dir, url) = migrated_sqlite();
    let mut connection = sqlite(&url);
    let unique = indexes(&mut connection, true);
    let tables = columns(&mut connection);
    let owned = tables.iter().filter(|(table, columns)| {
        columns.iter().any(|column| column.column_name == "tenant_id") && !others.contains(&table.as_str())
    });
    let mut found = Vec::new();
    for (table, columns) in owned {
        assert!(columns.iter().all(|column| column.column_name != "tenant_id" || column.required), "{table}");
        let keyed =
            unique.iter().any(|(of_table, key)| of_table == table && key.contains(&"tenant_id".to_owned()));
        assert!(keyed, "{table}");
        let key = columns.iter().any(|column| column.column_name == "tenant_id" && 0 < column.key_position);
        assert!(key, "{table}");
        found.push(table.as_str());
    }
    let expected = [
        "apps",
        "client_secret_digests",
        "client_secrets",
        "invitations",
        "memberships",
        "reference_tokens",
        "storage_configs",
        "token_counts",
        "token_refusals",
        "usage_counts",
    ];
    assert_eq!(found, expected);
    // And every other table belongs to an instance, but for the counter and those who follow it.
    for (table, columns) in &tables {
        let of_instance = columns.iter().any(|column| column.column_name == "instance_id");
        let known = ["instances", "change_counter", "nodes"].contains(&table.as_str());
        assert!(of_instance || known || found.contains(&table.as_str()), "{table}");
    }
}
