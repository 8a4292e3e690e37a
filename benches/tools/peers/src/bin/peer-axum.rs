//! The answer on axum.

use axum::routing::get;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let routes = Router::new().route("/", get(message)).route("/hello", get(async || "Hello there"));
    let listener = TcpListener::bind(peers::address()).await.expect("a free address");
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, routes).await.expect("a listener");
}

async fn message() -> Json<Value> {
    Json(json!({"message": peers::MESSAGE, "timestamp": peers::now()}))
}
