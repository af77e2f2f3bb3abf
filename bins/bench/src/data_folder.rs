//! What a measurement keeps on disk: a database, the master key, and one request body per app.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use turnkeep_domain::client_id::ClientId;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_secret::random::random_bytes;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use turnkeep_embed::system::SystemRandom;

/// One request body per app.
const BODIES: &str = "bodies.txt";

/// A folder as `turnkeep serve --data` expects it, and `bodies.txt`.
pub(crate) struct DataFolder {
    path: PathBuf,
    /// Elsewhere than in the folder.
    database: Option<String>,
}

impl DataFolder {
    /// Makes the folder with a new master key and a database, which is in the folder unless a URL is given. The
    /// folder must not exist, and the database must be empty.
    pub(crate) fn create(path: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        fs::create_dir(path).with_context(|| format!("cannot make {}", path.display()))?;
        let folder = Self { path: path.to_owned(), database: database.map(str::to_owned) };
        let mut key_file = folder.new_file("master.key")?;
        let key = MasterKey::generate(random_bytes(&SystemRandom));
        writeln!(key_file, "{}", key.to_text().expose())?;
        migrations::apply(&folder.database()?)?;
        Ok(folder)
    }

    /// A folder that was filled before.
    pub(crate) fn filled(path: &Path) -> Self {
        Self { path: path.to_owned(), database: None }
    }

    /// The master key in it.
    pub(crate) fn master_keys(&self) -> anyhow::Result<MasterKeys> {
        let text = fs::read_to_string(self.path.join("master.key")).context("cannot read the master key")?;
        Ok(MasterKeys::parse(&text)?)
    }

    /// Opens the database in it.
    pub(crate) fn store(&self) -> anyhow::Result<Arc<dyn Store>> {
        Ok(Arc::new(DieselStore::connect(&self.database()?, &PoolOptions::default())?))
    }

    /// The file for the request bodies, one a line. It must not exist.
    pub(crate) fn new_bodies(&self) -> anyhow::Result<BufWriter<File>> {
        Ok(BufWriter::new(self.new_file(BODIES)?))
    }

    /// Of the first apps in the file of request bodies, so many at most.
    pub(crate) fn client_ids(&self, most: usize) -> anyhow::Result<Vec<ClientId>> {
        let bodies = File::open(self.path.join(BODIES)).context("cannot read the request bodies")?;
        let lines = BufReader::new(bodies).lines().take(most);
        lines.map(|line| client_id_of(&line?)).collect()
    }

    fn database(&self) -> anyhow::Result<DatabaseUrl> {
        let in_folder = || format!("sqlite:{}", self.path.join("turnkeep.db").display());
        Ok(DatabaseUrl::parse(&self.database.clone().unwrap_or_else(in_folder))?)
    }

    /// Only for the owner's eyes, since that is what the server insists on.
    fn new_file(&self, name: &str) -> anyhow::Result<File> {
        let path = self.path.join(name);
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        opened.with_context(|| format!("cannot write {}", path.display()))
    }
}

fn client_id_of(body: &str) -> anyhow::Result<ClientId> {
    let mut fields = body.split('&').filter_map(|field| field.split_once('='));
    let (_, client_id) =
        fields.find(|(name, _)| *name == "client_id").context("a request body has no client id")?;
    Ok(ClientId::parse(client_id)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_body_says_whose_it_is() {
        let body = "grant_type=client_credentials&client_id=tk_1&client_secret=s";
        assert_eq!(client_id_of(body).unwrap().as_str(), "tk_1");
        assert!(client_id_of("grant_type=client_credentials").is_err());
    }
}
