//! Which role each address needs, for both listeners: the only place where that stands. What is not in
//! the table is refused, and a test finds it. Webhooks are no pages: networks prove themselves by
//! their signatures.

use axum::http::Method;

use crate::access::Role;

/// The least that somebody must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// Anybody: nothing of the site is in it.
    Anybody,
    /// Of `access.metrics_networks`, or any role.
    Watcher,
    /// Of `access.open_networks`, a screen that was paired, or any role.
    Screen,
    /// Of `access.open_networks`, or any role.
    Reader,
    /// Of this role, or above.
    Role(Role),
}

/// What an address needs.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As the router has it.
    pub path: &'static str,
    /// `GET` stands for `HEAD`, too.
    pub method: Method,
    /// The least that somebody must be.
    pub least: Least,
    /// What it is called in the audit log; everything that changes something has a name there.
    pub act: Option<&'static str>,
}

impl Rule {
    /// The role with which it may be asked for from anywhere.
    pub fn needs(&self) -> Role {
        if let Least::Role(role) = self.least { role } else { Role::Viewer }
    }
}

const fn see(path: &'static str, least: Least) -> Rule {
    Rule { path, method: Method::GET, least, act: None }
}

const fn act(method: Method, path: &'static str, least: Least, act: &'static str) -> Rule {
    Rule { path, method, least, act: Some(act) }
}

const fn post(path: &'static str, least: Least, name: &'static str) -> Rule {
    act(Method::POST, path, least, name)
}

/// A question that is too long for an address: nothing is changed that the audit log should tell.
const fn ask(path: &'static str, least: Least) -> Rule {
    Rule { path, method: Method::POST, least, act: None }
}

const VIEWER: Least = Least::Role(Role::Viewer);
const LEAD: Least = Least::Role(Role::Lead);
const ADMIN: Least = Least::Role(Role::Admin);

/// Every address.
pub const TABLE: &[Rule] = &[
    // The front end's own files, and how to come in.
    see("/assets/{*path}", Least::Anybody),
    see("/wall/sw.js", Least::Anybody),
    see("/api/v1/openapi.json", Least::Anybody),
    see("/login", Least::Anybody),
    post("/login", Least::Anybody, "login"),
    see("/login/oidc", Least::Anybody),
    // The provider of OpenID Connect sends browsers back by a plain address.
    act(Method::GET, "/login/oidc/back", Least::Anybody, "login"),
    post("/logout", Least::Anybody, "logout"),
    see("/set-up/{link}", Least::Anybody),
    // How a screen comes in: nothing of the site is shown before its code is approved.
    see("/screen", Least::Anybody),
    see("/screen/page.js", Least::Anybody),
    ask("/screen/state", Least::Anybody),
    // It looks at the screen's token itself.
    ask("/screen/picture", Least::Anybody),
    post("/set-up", Least::Anybody, "set_up"),
    // How the server is.
    see("/livez", Least::Watcher),
    see("/readyz", Least::Watcher),
    see("/metrics", Least::Watcher),
    // Walls.
    see("/", Least::Reader),
    see("/wall", Least::Screen),
    see("/wall/{board}", Least::Screen),
    // It leads to the one above, whatever stands in it.
    see("/wall/{board}/{value}", Least::Anybody),
    see("/ws/v1/boards/{board}", Least::Screen),
    see("/images/{address}", Least::Screen),
    see("/receipt/{board}/{tile}", Least::Reader),
    see("/receipt/{board}/{tile}/qr.svg", Least::Reader),
    // Figures.
    see("/api/v1/kpis", Least::Reader),
    see("/api/v1/kpis/{id}/receipt", Least::Reader),
    see("/api/v1/boards", Least::Reader),
    see("/api/v1/boards/{board}", Least::Reader),
    see("/api/v1/channels", Least::Reader),
    see("/api/v1/limits", Least::Reader),
    see("/api/v1/gauges", Least::Reader),
    see("/api/v1/staffing", Least::Reader),
    see("/api/v1/annotations", Least::Reader),
    // Days and weeks, with agents by name or alias: on the admin listener.
    see("/api/v1/reports", VIEWER),
    see("/api/v1/reports/{kind}/{date}", VIEWER),
    // What a lead sees to.
    post("/api/v1/annotations", LEAD, "annotation_put"),
    act(Method::DELETE, "/api/v1/annotations/{id}", LEAD, "annotation_remove"),
    see("/admin/messages", LEAD),
    post("/admin/messages", LEAD, "message_put"),
    post("/admin/messages/end", LEAD, "message_end"),
    post("/admin/messages/remove", LEAD, "message_remove"),
    see("/admin/reports", LEAD),
    see("/admin/reports/{kind}/{date}", LEAD),
    post("/admin/reports/send", LEAD, "report_send"),
    post("/admin/reports/test", LEAD, "report_test"),
    see("/api/v1/alerts", VIEWER),
    post("/api/v1/silences", LEAD, "silence_put"),
    act(Method::DELETE, "/api/v1/silences/{id}", LEAD, "silence_remove"),
    see("/admin/alerts", LEAD),
    post("/admin/alerts/silence", LEAD, "silence_put"),
    post("/admin/alerts/unsilence", LEAD, "silence_remove"),
    post("/admin/alerts/test", LEAD, "alert_test"),
    see("/api/v1/screens", LEAD),
    act(Method::DELETE, "/api/v1/screens/{name}", LEAD, "screen_remove"),
    see("/admin/screens", LEAD),
    post("/admin/screens/{action}", LEAD, "screen_change"),
    post("/admin/screens/picture", ADMIN, "screen_picture"),
    see("/admin/screens/picture/{screen}", ADMIN),
    see("/admin/annotations", LEAD),
    post("/admin/annotations", LEAD, "annotation_put"),
    post("/admin/annotations/remove", LEAD, "annotation_remove"),
    see("/admin/boards", LEAD),
    post("/admin/boards", LEAD, "board_new"),
    see("/admin/boards/{board}", LEAD),
    post("/admin/boards/{board}", LEAD, "board_save"),
    see("/admin/boards/{board}/desk", LEAD),
    ask("/admin/boards/{board}/draft", LEAD),
    post("/admin/boards/{board}/remove", LEAD, "board_remove"),
    see("/admin/boards/{board}/versions", LEAD),
    post("/admin/boards/{board}/restore", LEAD, "board_restore"),
    see("/admin/wall/{board}", LEAD),
    see("/admin/images/{address}", LEAD),
    // One's own.
    see("/admin", VIEWER),
    see("/admin/account", VIEWER),
    post("/admin/account", VIEWER, "password_own"),
    // Administration.
    see("/admin/channels", LEAD),
    post("/admin/channels/retry", ADMIN, "quarantine_retry"),
    post("/api/v1/reload", ADMIN, "reload"),
    see("/admin/people", ADMIN),
    post("/admin/people", ADMIN, "person_add"),
    post("/admin/people/role", ADMIN, "person_role"),
    post("/admin/people/password", ADMIN, "password_set"),
    post("/admin/people/remove", ADMIN, "person_remove"),
    post("/admin/tokens", ADMIN, "token_add"),
    post("/admin/tokens/remove", ADMIN, "token_remove"),
    see("/admin/audit", ADMIN),
];

/// What a request to that route needs.
pub(super) fn rule(path: &str, method: &Method) -> Found {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut is_known = false;
    for rule in TABLE.iter().filter(|rule| rule.path == path) {
        is_known = true;
        if rule.method == *method {
            return Found::Rule(rule);
        }
    }
    if is_known { Found::OtherMethod } else { Found::Nothing }
}

/// What the table says of a route.
pub(super) enum Found {
    Rule(&'static Rule),
    /// The route is known, and does not take this method.
    OtherMethod,
    Nothing,
}
