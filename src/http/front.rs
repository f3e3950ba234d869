//! What a listener answers with: webhooks at their doors, and pages for everything else.
//!
//! Networks ask a thousand times as often as people do, so a webhook does not go through the pages'
//! router and all that it looks at.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::{self, Uri};
use axum::response::Response;
use axum::{BoxError, body};
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tower_service::Service as _;

use crate::screen::Allowance;
use crate::webhook_thread::run_on;

/// Takes webhooks.
pub(crate) trait TakesWebhooks: Send + Sync {
    /// Whether that is the address of one.
    fn is_one(&self, uri: &Uri) -> bool;
    /// Answers a request to such an address.
    fn answer(self: Arc<Self>, request: Request, peer: SocketAddr) -> BoxFuture<'static, Response>;
}

/// What a listener answers with. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    webhooks: Option<Arc<dyn TakesWebhooks>>,
    pages: Router,
    /// Where pages are made; where their connection is if that is none.
    pages_on: Option<Handle>,
}

impl Front {
    pub(super) fn new(webhooks: Arc<dyn TakesWebhooks>, pages: Router) -> Self {
        Self { webhooks: Some(webhooks), pages, pages_on: None }
    }

    pub(super) fn of_pages(pages: Router) -> Self {
        Self { webhooks: None, pages, pages_on: None }
    }

    /// Has pages made on another runtime than the one that holds their connections.
    pub(super) fn with_pages_on(self, runtime: Handle) -> Self {
        Self { pages_on: Some(runtime), ..self }
    }

    /// Who answers what is asked for there.
    pub(crate) fn responsible(&self, uri: &Uri) -> Responsible {
        match self.webhooks.as_ref().filter(|door| door.is_one(uri)) {
            Some(door) => Responsible::Webhooks(Arc::clone(door)),
            None => Responsible::Pages(self.pages.clone(), self.pages_on.clone()),
        }
    }
}

/// Who answers a request.
pub(crate) enum Responsible {
    Webhooks(Arc<dyn TakesWebhooks>),
    Pages(Router, Option<Handle>),
}

impl Responsible {
    pub(super) fn is_for_webhooks(&self) -> bool {
        matches!(self, Responsible::Webhooks(_))
    }

    /// Answers what came on a connection of that peer, which may say so much.
    pub(crate) async fn answer<B>(
        self,
        request: http::Request<B>,
        peer: SocketAddr,
        allowance: Arc<Allowance>,
    ) -> Response
    where
        B: HttpBody<Data = body::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut request = request.map(Body::new);
        match self {
            Responsible::Webhooks(door) => door.answer(request, peer).await,
            Responsible::Pages(mut pages, pages_on) => {
                request.extensions_mut().insert(ConnectInfo(peer));
                request.extensions_mut().insert(allowance);
                let Ok(response) = match pages_on {
                    Some(runtime) => {
                        run_on(&runtime, async move { pages.call(request).await }).await
                    }
                    None => pages.call(request).await,
                };
                response
            }
        }
    }
}
