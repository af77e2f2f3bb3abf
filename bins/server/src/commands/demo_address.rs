//! Where the demo listens. It goes by the name `localhost`, since browsers have passkeys for names only (WebAuthn Level 3
//! §5.1.3), and takes the port on both addresses that browsers try for it, so that nothing else answers there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{Context, anyhow};
use turnkeep_service::issuer::BaseUrl;

use crate::configuration::ServerConfiguration;
use crate::run_server::listen;

/// How many ports are looked at, where any will do, for one that is free on both addresses.
const MAX_PORTS: usize = 16;

/// The sockets of the demo, and its base URL: the configured one, or made of where it listens.
pub(crate) fn take_address(
    configuration: &ServerConfiguration,
) -> anyhow::Result<(Vec<TcpListener>, BaseUrl)> {
    let address = configuration.listen;
    let other_ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        // No name leads there.
        IpAddr::V4(_) | IpAddr::V6(_) => return take_as_it_is(configuration),
    };
    if configuration.base_url.is_some() {
        return take_as_it_is(configuration);
    }
    let listeners = listen_on_both(address, other_ip)?;
    let port = listeners.first().context("there is no socket")?.local_addr()?.port();
    let base_url = BaseUrl::parse(&format!("http://localhost:{port}"));
    Ok((listeners, base_url.map_err(|error| anyhow!("base_url: {error}"))?))
}

fn take_as_it_is(configuration: &ServerConfiguration) -> anyhow::Result<(Vec<TcpListener>, BaseUrl)> {
    let listener = listen(configuration.listen)?;
    let base_url = configuration.base_url_at(listener.local_addr()?)?;
    Ok((vec![listener], base_url))
}

/// The second address is left out where the system does not have it.
fn listen_on_both(address: SocketAddr, other_ip: IpAddr) -> anyhow::Result<Vec<TcpListener>> {
    let mut ports_left = if address.port() == 0 { MAX_PORTS } else { 1 };
    loop {
        let first = listen(address)?;
        let other = SocketAddr::new(other_ip, first.local_addr()?.port());
        ports_left -= 1;
        match listen(other) {
            Ok(second) => return Ok(vec![first, second]),
            Err(error) if !is_taken(&error) => return Ok(vec![first]),
            Err(error) if ports_left == 0 => return Err(error),
            Err(_) => {}
        }
    }
}

fn is_taken(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::AddrInUse)
}
