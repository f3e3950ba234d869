//! Which name and role somebody gets, from what the provider says of them.

use serde_json::{Map, Value};

use super::error::OidcError;
use crate::access::{Role, tidy_name};
use crate::config::model;

/// Values of one claim that are looked at; more groups are nobody's.
const VALUES_MAX: usize = 10_000;

/// What the provider says of somebody.
pub(super) type Claims = Map<String, Value>;

/// Their name here.
pub(super) fn name(claims: &Claims, settings: &model::Oidc) -> Result<String, OidcError> {
    let said = find(claims, &settings.name_claim).and_then(Value::as_str);
    // Anybody can write any address into their profile; a provider says whether it is theirs.
    let is_theirs =
        settings.name_claim != "email" || claims.get("email_verified") == Some(&Value::Bool(true));
    let said = said.filter(|_| is_theirs).and_then(tidy_name);
    said.filter(|name| !is_of_the_audit(name)).ok_or(OidcError::NoName)
}

/// The audit log names by it what is nobody's login.
fn is_of_the_audit(name: &str) -> bool {
    ["console", "nobody", "operator"].contains(&name) || name.starts_with("token ")
}

/// Their role here: of several the highest.
pub(super) fn role(claims: &Claims, settings: &model::Oidc) -> Result<Role, OidcError> {
    let said = find(claims, &settings.roles_claim);
    if said.is_none() && are_left_out(claims, &settings.roles_claim) {
        return Err(OidcError::NoGroups);
    }
    let values = match said {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let of = |word: &String| Role::from_word(word);
    let role_of = |value: &Value| settings.roles.get(value.as_str()?).and_then(of);
    let highest = values.iter().take(VALUES_MAX).filter_map(role_of).max();
    highest.or(settings.default_role.as_ref().and_then(of)).ok_or(OidcError::NoRole)
}

/// Entra ID says where groups can be asked for instead, when they do not fit into the token.
fn are_left_out(claims: &Claims, roles_claim: &str) -> bool {
    let elsewhere = claims.get("_claim_names").and_then(Value::as_object);
    elsewhere.is_some_and(|names| names.contains_key(roles_claim))
        || (roles_claim == "groups" && claims.get("hasgroups") == Some(&Value::Bool(true)))
}

/// A claim by its name, or by the way to it: `realm_access.roles`. Names with dots in them come first.
fn find<'a>(claims: &'a Claims, name: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(name) {
        return Some(value);
    }
    let (first, rest) = name.split_once('.')?;
    find(claims.get(first)?.as_object()?, rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::model::ROLES;

    fn settings(name_claim: &str, roles_claim: &str, default_role: Option<&str>) -> model::Oidc {
        let roles = [("leads", "lead"), ("/it/admins", "admin"), ("agents", "viewer")];
        model::Oidc {
            name_claim: name_claim.to_owned(),
            roles_claim: roles_claim.to_owned(),
            roles: roles.map(|(value, role)| (value.to_owned(), role.to_owned())).into(),
            default_role: default_role.map(str::to_owned),
            ..model::Oidc::default()
        }
    }

    fn claims(value: Value) -> Claims {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn each_role_of_the_config_is_one_here() {
        assert_eq!(ROLES.map(Role::from_word), Role::ALL.map(Some));
    }

    #[test]
    fn the_highest_of_their_groups_counts() {
        let role_of = |claim: &str, default: Option<&str>, said: Value| {
            role(&claims(said), &settings("sub", claim, default)).ok()
        };
        let groups = |groups: Value| role_of("groups", None, json!({ "groups": groups }));
        assert_eq!(groups(json!(["agents", "leads", "cooks"])), Some(Role::Lead));
        assert_eq!(groups(json!(["/it/admins", "agents"])), Some(Role::Admin));
        assert_eq!(groups(json!("leads")), Some(Role::Lead), "one, and no list");
        for none in [json!([]), json!(["Leads"]), json!([7, null, ["leads"]]), json!({"leads": 1})]
        {
            assert_eq!(groups(none.clone()), None, "{none}");
        }
        assert_eq!(role_of("groups", None, json!({})), None);
        assert_eq!(role_of("groups", Some("viewer"), json!({})), Some(Role::Viewer));
        let of_keycloak = json!({ "realm_access": { "roles": ["leads"] } });
        assert_eq!(role_of("realm_access.roles", None, of_keycloak), Some(Role::Lead));
        let left_out = [
            json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": {} }),
            json!({ "hasgroups": true }),
        ];
        for said in left_out {
            let got = role(&claims(said), &settings("sub", "groups", Some("viewer")));
            assert!(matches!(got, Err(OidcError::NoGroups)), "no default for them: {got:?}");
        }
        let dotted = json!({ "https://x.example/groups": ["leads"] });
        assert_eq!(role_of("https://x.example/groups", None, dotted), Some(Role::Lead));
    }

    #[test]
    fn a_name_must_fit_and_an_address_must_be_theirs() {
        let name_of =
            |claim: &str, said: Value| name(&claims(said), &settings(claim, "groups", None)).ok();
        assert_eq!(name_of("nick", json!({ "nick": "Anna.K" })).as_deref(), Some("anna.k"));
        for odd in [json!("<b>"), json!(""), json!(7), json!(["anna"]), json!("x".repeat(65))] {
            assert_eq!(name_of("nick", json!({ "nick": odd })), None);
        }
        let address = |verified: Value| {
            name_of("email", json!({ "email": "a@b.example", "email_verified": verified }))
        };
        assert_eq!(address(json!(true)).as_deref(), Some("a@b.example"));
        assert_eq!((address(json!(false)), address(json!("true"))), (None, None));
        assert_eq!(name_of("email", json!({ "email": "a@b.example" })), None, "nobody says so");
        for reserved in ["console", "Nobody", "operator", "token deploy"] {
            assert_eq!(name_of("nick", json!({ "nick": reserved })), None, "{reserved}");
        }
    }
}
