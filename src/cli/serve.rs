//! `tessera serve`: runs the provider.

use anyhow::Context as _;

use super::{provider, setup_link};
use crate::config::Settings;
use crate::telemetry;

/// Serves until the process is asked to end, then lets requests under way end.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let _traces = telemetry::begin_traces().context("traces over OTLP")?;
    let listener = provider::listen(settings)?;
    let metrics = provider::listen_for_metrics(settings)?;
    let issuer = provider::build(settings).await?;
    let first_steps = setup_link::on_first_start(settings, issuer.operator()).await?;
    let mut running = provider::serve(settings, issuer, listener, metrics)?;
    let mut signals = provider::StopSignals::listen()?;
    println!("serving {} on {}", settings.public_url.as_str(), running.address);
    if let Some(line) = first_steps {
        println!("{line}");
    }
    tokio::select! {
        ended = running.ended() => return Ok(ended?),
        () = signals.wait() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}
