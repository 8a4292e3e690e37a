//! The same operations on poem and poem-openapi, with no middleware at all.

use poem::listener::TcpListener;
use poem::{Route, Server};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{Object, OpenApi, OpenApiService};

#[derive(Object)]
struct Automate {
    message: String,
    timestamp: u64,
}

struct Api;

#[OpenApi]
impl Api {
    #[oai(path = "/", method = "get")]
    async fn message(&self) -> Json<Automate> {
        Json(Automate { message: peers::MESSAGE.to_owned(), timestamp: peers::now() })
    }

    #[oai(path = "/hello", method = "get")]
    async fn hello(&self) -> PlainText<&'static str> {
        PlainText("Hello there")
    }
}

#[tokio::main]
async fn main() {
    let api = OpenApiService::new(Api, "peer", "0.1.0");
    let server = Server::new(TcpListener::bind(peers::address().to_string()));
    server.run(Route::new().nest("/", api)).await.expect("a listener");
}
