//! Thousands of connections that say nothing. Those that the server closes are opened again.

use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

const TIMEOUT: Duration = Duration::from_secs(5);
/// Between two looks at all of them.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) struct IdleCrowd {
    address: SocketAddr,
    streams: Vec<TcpStream>,
}

impl IdleCrowd {
    pub(super) fn connect(address: SocketAddr, count: u32) -> anyhow::Result<Self> {
        let streams = (0..count).map(|_| connect(address)).collect::<Result<_, _>>()?;
        Ok(Self { address, streams })
    }

    /// Returns how many had to be opened anew.
    pub(super) fn stay(&mut self, lasts: Duration) -> anyhow::Result<u32> {
        let begin = Instant::now();
        let mut reopened = 0;
        while begin.elapsed() < lasts {
            for stream in &mut self.streams {
                if is_closed(stream) {
                    *stream = connect(self.address)?;
                    reopened += 1;
                }
            }
            thread::sleep(PAUSE);
        }
        Ok(reopened)
    }
}

fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let stream =
        TcpStream::connect_timeout(&address, TIMEOUT).context("could not open an idle connection")?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

/// A server may say that it waited too long before it closes.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1_024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn whoever_is_turned_away_comes_again() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut crowd = IdleCrowd::connect(address, 2).unwrap();
        drop(listener.accept().unwrap());
        let reopened = crowd.stay(PAUSE * 3).unwrap();
        assert_eq!((reopened, crowd.streams.len()), (1, 2));
    }
}
