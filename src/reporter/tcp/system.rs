//! The system's connections: TCP, with the options by which a peer that is gone is noticed.

use super::dial::{Breaker, Connection, Dial};
use crate::clock::Clock;
use socket2::{SockRef, TcpKeepalive};
use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// How long a connection is silent before the peer is asked whether it is there.
const SILENT: Duration = Duration::from_secs(10);
/// How long what was sent may stay unacknowledged. With a sign of life every 5 s, a peer that was unplugged
/// is noticed within 30 s. So is one that is there and does not read; whoever gives it more time to write gives
/// it more here.
const UNACKNOWLEDGED: Duration = Duration::from_secs(25);

/// Dials an address, which is looked up each time.
pub(super) struct System {
    pub(super) address: String,
    pub(super) write_within: Duration,
}

impl Dial for System {
    fn dial(&mut self, within: Duration) -> io::Result<Box<dyn Connection>> {
        let clock = Clock::system();
        let until = clock.now() + within;
        let addresses = look_up(&self.address)?;
        let mut errors = Vec::new();
        for (address, others) in addresses.iter().zip((1..=addresses.len()).rev()) {
            match self.connect(address, share(until.since(clock.now()), others)) {
                Ok(stream) => return Ok(Box::new(stream)),
                Err(error) => errors.push(by(*address, &error)),
            }
        }
        Err(joined(&self.address, errors))
    }
}

impl System {
    fn connect(&self, address: &SocketAddr, within: Duration) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(address, within)?;
        not_to_itself(&stream)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(self.write_within))?;
        watch(&stream, self.write_within)?;
        Ok(stream)
    }
}

/// Of the time that is left, what the next of so many addresses may take.
fn share(left: Duration, addresses: usize) -> Duration {
    let share = left / u32::try_from(addresses).unwrap_or(u32::MAX);
    share.max(Duration::from_millis(1))
}

/// Where nobody listens, the system may choose just that port for our end, and connect it to itself.
fn not_to_itself(stream: &TcpStream) -> io::Result<()> {
    match stream.local_addr()? == stream.peer_addr()? {
        true => Err(Error::from(ErrorKind::ConnectionRefused)),
        false => Ok(()),
    }
}

fn watch(stream: &TcpStream, write_within: Duration) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&keepalive())?;
    let unacknowledged = UNACKNOWLEDGED.max(write_within);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    socket.set_tcp_user_timeout(Some(unacknowledged))?;
    // Elsewhere there is no such option.
    let _ = unacknowledged;
    Ok(())
}

fn keepalive() -> TcpKeepalive {
    let keepalive = TcpKeepalive::new().with_time(SILENT);
    // With the silence before it, 25 s. Elsewhere the system's own numbers hold.
    #[cfg(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "fuchsia",
        target_os = "ios",
        target_os = "linux",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "windows",
    ))]
    let keepalive = keepalive.with_interval(Duration::from_secs(5)).with_retries(3);
    keepalive
}

/// What an address stands for; without a host this machine, by either protocol.
fn look_up(address: &str) -> io::Result<Vec<SocketAddr>> {
    if let Some(port) = address.strip_prefix(':') {
        let port = port.parse().map_err(|_| unusable(address, &"the port is not a number"))?;
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]);
    }
    let found = address.to_socket_addrs().map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => unusable(address, &error),
        _ => Error::new(ErrorKind::NotFound, format!("`{address}` was not found: {error}")),
    })?;
    Ok(found.collect())
}

fn unusable(address: &str, why: &dyn std::fmt::Display) -> Error {
    let text = format!("`{address}` is no address of the form host:port: {why}");
    Error::new(ErrorKind::InvalidInput, text)
}

fn by(address: SocketAddr, error: &Error) -> Error {
    let text = match error.kind() {
        ErrorKind::ConnectionRefused => format!("connection refused by {address}"),
        ErrorKind::TimedOut => format!("no answer from {address}"),
        _ => format!("{address} can't be reached: {error}"),
    };
    Error::new(error.kind(), text)
}

/// What all addresses said, of the kind of the last one.
fn joined(address: &str, errors: Vec<Error>) -> Error {
    let kind = errors.last().map_or(ErrorKind::NotFound, Error::kind);
    let texts: Vec<String> = errors.iter().map(Error::to_string).collect();
    match texts.is_empty() {
        true => Error::new(kind, format!("`{address}` stands for no address")),
        false => Error::new(kind, texts.join(", ")),
    }
}

impl Connection for TcpStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(self, bytes)
    }

    fn reader(&mut self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.try_clone()?))
    }

    fn breaker(&mut self) -> io::Result<Breaker> {
        let stream = self.try_clone()?;
        Ok(Arc::new(move || {
            // It fails where the connection is gone already.
            let _ = stream.shutdown(Shutdown::Both);
        }))
    }

    fn shut(&mut self) -> io::Result<()> {
        self.shutdown(Shutdown::Write)
    }

    fn take_error(&mut self) -> io::Result<Option<Error>> {
        TcpStream::take_error(self)
    }

    fn local(&self) -> String {
        self.local_addr().map_or_else(|error| error.to_string(), |address| address.to_string())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use socket2::{Domain, Socket, Type};
    use std::net::TcpListener;

    #[test]
    fn a_socket_that_was_connected_to_itself_is_refused() {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        socket.connect(&socket.local_addr().unwrap()).unwrap();
        let error = not_to_itself(&socket.into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }

    #[test]
    fn addresses_that_do_not_answer_share_the_time_of_a_dial() {
        let second = Duration::from_secs(1);
        assert_eq!(share(3 * second, 3), second);
        assert_eq!(share(2 * second, 2), second, "the first one took its share");
        assert_eq!(share(3 * second, 1), 3 * second, "the others were refused at once");
        assert_eq!(
            share(Duration::ZERO, 1),
            Duration::from_millis(1),
            "a dial without time is an error"
        );
    }

    #[test]
    fn a_peer_that_was_unplugged_is_noticed_within_thirty_seconds() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connect = |write_within| {
            let system = System { address: address.to_string(), write_within };
            system.connect(&address, Duration::from_secs(60)).unwrap()
        };
        let stream = connect(Duration::from_secs(10));
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        let probes = socket.tcp_keepalive_interval().unwrap();
        let probes = probes * socket.tcp_keepalive_retries().unwrap();
        let silent = socket.tcp_keepalive_time().unwrap() + probes;
        assert_eq!(silent, Duration::from_secs(25));
        // The sign of life is sent after five seconds at the latest.
        let unacknowledged = socket.tcp_user_timeout().unwrap().unwrap();
        assert!(unacknowledged + Duration::from_secs(5) <= Duration::from_secs(30));
        assert_eq!(stream.write_timeout().unwrap(), Some(Duration::from_secs(10)));
        assert!(stream.nodelay().unwrap());
        let patient = connect(Duration::from_secs(60));
        let unacknowledged = SockRef::from(&patient).tcp_user_timeout().unwrap();
        assert_eq!(unacknowledged, Some(Duration::from_secs(60)), "who gives more time means it");
    }
}
