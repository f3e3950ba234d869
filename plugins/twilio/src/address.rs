//! Twilio's addresses: `+48…`, `whatsapp:+48…`, `whatsapp:US.1234`, `messenger:…`, `client:…`, `sip:…`.

use tablica_plugin::identity;

/// How the customer is known by that address; none when it is nobody outside.
pub(crate) fn customer(address: &str, country: Option<&str>) -> Option<String> {
    let address = address.trim();
    match address.split_once(':') {
        None if address.contains('@') => identity::mail(address),
        None => identity::phone(address, country),
        // A business-scoped id stands where WhatsApp gives no number.
        Some(("whatsapp", rest)) if rest.starts_with('+') => identity::phone(rest, None),
        Some(("whatsapp" | "messenger" | "rcs" | "instagram", rest)) if !rest.is_empty() => {
            Some(address.to_owned())
        }
        Some(_) => None,
    }
}

/// Whether it is a person's of ours: a softphone or a SIP telephone.
pub(crate) fn is_ours(address: &str) -> bool {
    ["client:", "sip:", "sips:"].iter().any(|scheme| address.starts_with(scheme))
}

/// What a softphone or SIP telephone is called.
pub(crate) fn phone_name(address: &str) -> Option<&str> {
    let (scheme, name) = address.split_once(':')?;
    let name = name.split(['?', ';']).next().unwrap_or(name);
    let is_known = matches!(scheme, "client" | "sip" | "sips") && !name.is_empty();
    is_known.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_who_is_outside() {
        for (address, is) in [
            ("+48600100200", Some("tel:+48600100200")),
            ("whatsapp:+48600100200", Some("tel:+48600100200")),
            ("whatsapp:US.13491208655302741918", Some("whatsapp:US.13491208655302741918")),
            ("messenger:4007123", Some("messenger:4007123")),
            ("anna@example.com", Some("mail:anna@example.com")),
            ("client:anna", None),
            ("sip:anna@acme.sip.twilio.com", None),
            ("whatsapp:", None),
            ("anonymous", None),
            ("", None),
        ] {
            assert_eq!(customer(address, Some("48")).as_deref(), is, "{address}");
        }
    }

    #[test]
    fn an_agent_is_called_as_their_phone() {
        assert_eq!(phone_name("client:anna?x=1"), Some("anna"));
        assert_eq!(phone_name("sip:anna@acme.example;user=phone"), Some("anna@acme.example"));
        assert_eq!((phone_name("+48600100200"), phone_name("client:")), (None, None));
    }
}
