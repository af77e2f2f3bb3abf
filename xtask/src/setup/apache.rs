//! Apache with the modules by which it is a relying party and a resource server, for `cargo xtask interop`. Only the
//! program and its modules: the package that would start a service stays away.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::apt;

const PACKAGES: [&str; 3] = ["apache2-bin", "libapache2-mod-auth-openidc", "libapache2-mod-oauth2"];

/// Where it is.
pub(crate) struct Apache {
    pub(crate) program: PathBuf,
    /// The folder of its modules.
    pub(crate) modules: PathBuf,
}

impl Apache {
    /// As Debian places it.
    pub(super) fn ensure() -> anyhow::Result<Self> {
        let places = Self {
            program: PathBuf::from("/usr/sbin/apache2"),
            modules: PathBuf::from("/usr/lib/apache2/modules"),
        };
        if !places.is_there() {
            apt::install("Apache with its OpenID Connect and OAuth modules is", &PACKAGES)?;
            ensure!(places.is_there(), "Apache or a module of it is not where it is expected");
        }
        Ok(places)
    }

    fn is_there(&self) -> bool {
        let modules = ["mod_auth_openidc.so", "mod_oauth2.so"];
        self.program.is_file() && modules.iter().all(|name| is_file(&self.modules, name))
    }
}

fn is_file(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}
