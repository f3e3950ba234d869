//! Who asks: by the token in the header, else by the cookie. Never by the address: addresses are
//! kept in histories and logs.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::access::{Access, Identity};

/// A browser's login.
pub(in crate::http) const SESSION_COOKIE: &str = "tablica_session";
/// What a form is made with before there is a login.
pub(in crate::http) const FORM_COOKIE: &str = "tablica_form";
/// Of one name; another server at the same host may have set one, too.
const COOKIES_MAX: usize = 4;

pub(super) fn asks(access: &Access, headers: &HeaderMap) -> Option<Identity> {
    if let Some(said) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = said.to_str().ok()?.split_once(' ')?;
        // Whoever says a token wants to be judged by it.
        return scheme.eq_ignore_ascii_case("bearer").then(|| access.by_token(token.trim()))?;
    }
    cookies(headers, SESSION_COOKIE).find_map(|session| access.by_session(session))
}

/// The values of one cookie.
pub(in crate::http) fn cookies<'a>(
    headers: &'a HeaderMap,
    name: &'a str,
) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(move |pair| pair.trim().split_once('=').filter(|(it, _)| *it == name))
        .map(|(_, value)| value)
        .take(COOKIES_MAX)
}

/// Sets a cookie that no script reads; for zero seconds it is removed.
pub(in crate::http) fn cookie(
    name: &str,
    value: &str,
    seconds: u64,
    is_tls: bool,
) -> Option<HeaderValue> {
    let secure = if is_tls { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_known_by_its_whole_name() {
        let first = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().expect("a header"));
            cookies(&headers, "tablica_screen").next().map(str::to_owned)
        };
        assert_eq!(first("a=b; tablica_screen=x; c=d").as_deref(), Some("x"));
        assert_eq!(first("tablica_screens=x; a"), None);
    }
}
