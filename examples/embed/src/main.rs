//! A service with a route of its own, `/hello`, and a whole authority beside it: `example-embed [ADDRESS [FOLDER]]`.
//! It prints where it listens, and at the first start the operator's credentials.

use std::io::Write;
use std::path::Path;

use actix_web::{App, HttpServer, get};
use turnkeep_embed::master_key_file;
use turnkeep_embed::settings::EmbedSettings;
use turnkeep_embed::turnkeep::Turnkeep;

#[get("/hello")]
async fn hello() -> &'static str {
    "hello from a route beside the authority's\n"
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let folder = arguments.next().unwrap_or_else(|| "embed-data".to_owned());

    std::fs::create_dir_all(&folder)?;
    let master_keys = master_key_file::read_or_create(&Path::new(&folder).join("master.key"))?;
    let database = format!("sqlite:{folder}/turnkeep.db");
    let settings = EmbedSettings::parse(&format!("http://{address}"), &database, master_keys)?;
    let turnkeep = Turnkeep::open(settings)?;
    if let Some(operator) = turnkeep.first_start()? {
        let (id, secret) = (&operator.client_id, operator.client_secret.expose());
        say(&format!("operator: client_id={id} client_secret={secret}"));
    }
    let running = turnkeep.start();
    let routes = running.routes();
    let server = HttpServer::new(move || App::new().configure(&routes).service(hello))
        .shutdown_timeout(5)
        .bind(&address)?;
    say(&format!("listening on http://{address}"));
    server.run().await?;
    Ok(running.stop()?)
}

fn say(line: &str) {
    // Nobody listening (a closed pipe) is no reason to stop.
    let _ = writeln!(std::io::stdout(), "{line}");
}
