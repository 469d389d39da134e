//! `wangge serve`.

use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{App, BASE_MAP_PATIENCE, BaseMap, Fonts};
use crate::http::{Service, serve};
use crate::store::ServiceLock;

use super::{Arguments, CommandError, ServeArguments, say};

/// How long computing may go on after the service has stopped.
const LINGER: Duration = Duration::from_secs(1);

pub(super) fn run(arguments: &Arguments, given: &ServeArguments) -> Result<ExitCode, CommandError> {
    let address = address(given)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(start(arguments, address, given));
    // Long computing that nobody waits for any more does not hold the process.
    runtime.shutdown_timeout(LINGER);
    ended
}

/// The address to listen on; one that other machines reach must be asked for.
fn address(given: &ServeArguments) -> Result<SocketAddr, CommandError> {
    let refuse = |reason: String| {
        format!(
            "--listen {}: {reason}; write it as 127.0.0.1:8080",
            given.listen
        )
    };
    let mut found = given
        .listen
        .to_socket_addrs()
        .map_err(|error| refuse(error.to_string()))?;
    let address = found
        .next()
        .ok_or_else(|| refuse("it names no address".to_owned()))?;
    if address.ip().is_loopback() {
        return Ok(address);
    }
    if !given.open {
        return Err(format!(
            "--listen {address}: other machines reach this address and everybody there would see all, as no access keys exist yet; add --open if that is wanted"
        )
        .into());
    }
    tracing::warn!(%address, "everybody who reaches this address sees all: no access keys exist yet");
    Ok(address)
}

async fn start(
    arguments: &Arguments,
    address: SocketAddr,
    given: &ServeArguments,
) -> Result<ExitCode, CommandError> {
    let began = Instant::now();
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program; stop it or serve elsewhere with --listen 127.0.0.1:PORT")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })?;
    let address = listener.local_addr()?;
    drop(arguments.open_store(false)?);
    let _lock = ServiceLock::take(
        &arguments.store,
        &format!("process {} at {address}", std::process::id()),
    )?;
    let map = arguments.map()?;
    let glyphs = given.glyphs.as_ref().or(map.glyphs.as_ref());
    let fonts = glyphs.map_or_else(|| Ok(Fonts::default()), |folder| Fonts::with_pack(folder))?;
    let store = arguments.store.clone();
    let rules = arguments.rules()?;
    let app = tokio::task::spawn_blocking(move || App::open_with(&store, rules)).await??;
    let snapshot = app.snapshot();
    let features: usize = snapshot.layers.values().map(|layer| layer.count()).sum();
    let seconds = began.elapsed().as_secs_f64();
    tracing::info!(%address, version = snapshot.version, layers = snapshot.layers.len(), features, seconds, "ready");
    let mut terminate = signal(SignalKind::terminate())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("stopping: no new requests, those under way are finished");
    };
    say(format_args!(
        "wangge serves {} at http://{address}/",
        arguments.store.display()
    ))?;
    let mut service = Service::new(app, given.open).with_fonts(fonts);
    if let Some(choice) = map.tianditu {
        service = service.with_base_map(BaseMap::new(choice, BASE_MAP_PATIENCE));
    }
    serve(listener, Arc::new(service), shutdown).await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
