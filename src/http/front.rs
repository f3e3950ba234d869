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
use tower_service::Service as _;

use crate::screen::Allowance;

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
}

impl Front {
    pub(super) fn new(webhooks: Arc<dyn TakesWebhooks>, pages: Router) -> Self {
        Self { webhooks: Some(webhooks), pages }
    }

    pub(super) fn of_pages(pages: Router) -> Self {
        Self { webhooks: None, pages }
    }

    /// Who answers what is asked for there.
    pub(crate) fn responsible(&self, uri: &Uri) -> Responsible {
        match self.webhooks.as_ref().filter(|door| door.is_one(uri)) {
            Some(door) => Responsible::Webhooks(Arc::clone(door)),
            None => Responsible::Pages(self.pages.clone()),
        }
    }
}

/// Who answers a request.
pub(crate) enum Responsible {
    Webhooks(Arc<dyn TakesWebhooks>),
    Pages(Router),
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
            Responsible::Pages(mut pages) => {
                request.extensions_mut().insert(ConnectInfo(peer));
                request.extensions_mut().insert(allowance);
                let Ok(response) = pages.call(request).await;
                response
            }
        }
    }
}
