//! The whole authority inside of another actix service: [`Turnkeep`](turnkeep::Turnkeep) opens it,
//! [`Running`](running::Running) serves it. The clock and the randomness of the system are read here; the environment
//! is not.
//!
//! # Examples
//!
//! ```no_run
//! use std::path::Path;
//!
//! use actix_web::{App, HttpServer, web};
//! use turnkeep_embed::master_key_file;
//! use turnkeep_embed::settings::EmbedSettings;
//! use turnkeep_embed::turnkeep::Turnkeep;
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let keys = master_key_file::read_or_create(Path::new("data/master.key"))?;
//! let settings = EmbedSettings::parse("https://id.example.com", "sqlite:data/turnkeep.db", keys)?;
//! let turnkeep = Turnkeep::open(settings)?;
//! if let Some(operator) = turnkeep.first_start()? {
//!     println!("keep these: {} {}", operator.client_id, operator.client_secret.expose());
//! }
//! let running = turnkeep.start();
//! let routes = running.routes();
//! HttpServer::new(move || {
//!     App::new().configure(&routes).route("/hello", web::get().to(|| async { "hello" }))
//! })
//! .bind("127.0.0.1:8080")?
//! .run()
//! .await?;
//! running.stop()?;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

pub mod mail;
pub mod master_key_file;
pub mod open_error;
pub mod running;
pub mod settings;
pub mod system;
pub mod turnkeep;

mod housekeeping;
mod logout_delivery;
mod storage_probe;
mod stores;
