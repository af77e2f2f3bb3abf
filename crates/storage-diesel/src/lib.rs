//! The only SQL: the traits of `storage` over Diesel, on SQLite and PostgreSQL. No rule of the product here.
#![forbid(unsafe_code)]

pub mod database_url;
pub mod diesel_store;
pub mod migrations;
pub mod pool;

mod change_hints;
mod connection;
mod per_backend;
mod queries;
mod records;
mod schema;
mod session;
mod store_error;
mod transaction;
