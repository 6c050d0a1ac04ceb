//! `/metrics`, on a listener of its own, so that who reaches the provider does not reach it.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer};

use crate::app::Issuer;

/// OpenMetrics 1.0, which Prometheus reads.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn serve(issuer: Arc<Issuer>, listener: TcpListener) -> std::io::Result<Server> {
    let issuer = Data::from(issuer);
    let make = move || App::new().app_data(issuer.clone()).route("/metrics", get().to(metrics));
    let server = HttpServer::new(make).workers(1).disable_signals().max_connections(64);
    Ok(server.shutdown_timeout(1).listen(listener)?.run())
}

async fn metrics(issuer: Data<Issuer>) -> HttpResponse {
    HttpResponse::Ok().content_type(CONTENT_TYPE).body(issuer.figures().await)
}
