//! Which way the operator chooses, where requests may come from, and what a plugin gets of them.

use super::*;
use crate::channel::verify::Door;

fn manifest(ways: &str) -> Manifest {
    let head = "name = \"guest\"\nversion = \"1\"\napi = \"1\"\nnetwork = \"Nowhere\"\n\
                [source]\nkind = \"webhook\"\nheaders = [\"authorization\", \"x-kind\"]\n";
    Manifest::parse(&format!("{head}{ways}")).unwrap()
}

fn channel(verify: Option<&str>, values: &[&str]) -> Channel {
    let mut channel = Channel::new("shop", "guest");
    channel.verify = verify.map(str::to_owned);
    channel.secrets = secrets(values);
    channel
}

const TWO: &str = r#"
[[verify]]
scheme = "basic-auth"
[[verify]]
name = "signed"
scheme = "hmac-sha256"
header = "X-Signature"
"#;
const BY_ADDRESS: &str = r#"
[[verify]]
name = "networks"
scheme = "none"
allow_from = ["217.20.145.192/28", "2001:db8::7"]
"#;

/// What `docs/verification.md` shows is what a manifest takes, and it leaves nothing out.
#[test]
fn the_page_of_all_schemes_has_them_all_and_its_examples_are_right() {
    let page = include_str!("../../../../docs/verification.md");
    let examples = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let (mut schemes, mut shakes) = (Vec::new(), Vec::new());
    for example in examples.filter(|example| example.starts_with("[[")) {
        let manifest = manifest(example);
        schemes.extend(manifest.verify.iter().map(|verify| verify.scheme));
        shakes.extend(manifest.handshakes.iter().map(|shake| shake.scheme.word()));
    }
    for scheme in Scheme::ALL {
        assert!(page.contains(&format!("`{}`", scheme.word())), "{}", scheme.word());
        let is_shown = schemes.contains(&scheme);
        assert!(is_shown, "no example of {}", scheme.word());
    }
    assert_eq!(shakes, ["meta-challenge", "x-crc", "echo", "fixed", "fixed"]);
}

#[test]
fn the_operator_chooses_where_there_are_several_ways() {
    let said = |verify: Option<&str>, ways: &str| {
        Door::of(&channel(verify, &["a:b"]), &manifest(ways)).err().unwrap().to_string()
    };
    assert!(said(None, TWO).contains("one of basic-auth, signed"), "{}", said(None, TWO));
    let unknown = said(Some("sined"), TWO);
    assert!(unknown.contains("\"sined\"") && unknown.contains("only basic-auth, signed"));
    assert!(said(Some("signed"), "").contains("has no way to verify"));

    let mut by_password = request(&[("authorization", "Basic YTpi")], b"");
    let door = Door::of(&channel(Some("basic-auth"), &["a:b"]), &manifest(TWO)).unwrap();
    assert_eq!(door.pass(&by_password, 0), Ok(None));
    let door = Door::of(&channel(Some("signed"), &["a:b"]), &manifest(TWO)).unwrap();
    assert_eq!(door.pass(&by_password, 0), Err(NotVerified));
    by_password.query = Some("a=1".to_owned());
    assert_eq!(door.admit(&by_password, 0), Err(NotVerified));
}

#[test]
fn an_address_is_enough_only_where_the_operator_says_so() {
    let manifest = manifest(BY_ADDRESS);
    let said = Door::of(&channel(None, &[]), &manifest).err().unwrap().to_string();
    assert!(said.contains("`verify = \"networks\"`"), "{said}");
    let said = Door::of(&channel(Some("networks"), &["x"]), &manifest).err().unwrap();
    assert_eq!(said, VerifyError::SecretIgnored);
    let unverified = Channel { unverified: true, ..channel(Some("networks"), &[]) };
    let said = Door::of(&unverified, &manifest).err().unwrap();
    assert_eq!(said, VerifyError::Verified("networks".into()));

    let door = Door::of(&channel(Some("networks"), &[]), &manifest).unwrap();
    let from = |remote: Option<&str>| {
        let remote = remote.map(|remote| remote.parse().unwrap());
        let asked = Incoming { remote, ..request(&[], b"{}") };
        assert_eq!(door.admit(&asked, 0).is_ok(), door.pass(&asked, 0).is_ok());
        door.pass(&asked, 0).is_ok()
    };
    for (remote, is_let_in) in [
        (Some("217.20.145.192:1"), true),
        (Some("217.20.145.207:1"), true),
        (Some("[::ffff:217.20.145.200]:1"), true),
        (Some("[2001:db8::7]:1"), true),
        (Some("217.20.145.208:1"), false),
        (Some("[2001:db8::8]:1"), false),
        (None, false),
    ] {
        assert_eq!(from(remote), is_let_in, "{remote:?}");
    }
}

#[test]
fn a_channel_that_nobody_verifies_is_open_only_by_the_operators_word() {
    let none = manifest("");
    assert_eq!(Door::of(&channel(None, &[]), &none).err(), Some(VerifyError::Open("shop".into())));
    let open = Channel { unverified: true, ..channel(None, &[]) };
    assert_eq!(Door::of(&open, &none).unwrap().pass(&request(&[], b"any"), 0), Ok(None));
}

#[test]
fn an_address_that_is_signed_must_be_known() {
    let twilio = manifest("[[verify]]\nscheme = \"twilio\"");
    let mut shop = channel(None, &["12345"]);
    let said = Door::of(&shop, &twilio).err().unwrap().to_string();
    assert!(said.contains("server.public_url") && said.contains("server.trusted_proxies"));

    // HMAC-SHA1 of "https://desk.example/base/in/shop?a=1" by "12345".
    let signature = "LNK5bfEuKrItKO2j/1PwDVAKK5M=";
    let mut asked = request(&[("x-twilio-signature", signature)], b"");
    asked.query = Some("a=1".to_owned());
    shop.public_url = PublicUrl::Given("https://desk.example/base".to_owned());
    assert_eq!(Door::of(&shop, &twilio).unwrap().pass(&asked, 0), Ok(None));
    shop.public_url = PublicUrl::Proxied;
    let door = Door::of(&shop, &twilio).unwrap();
    assert_eq!(door.admit(&asked, 0), Err(NotVerified), "no proxy has said it");
    asked.origin = Some("https://desk.example/base".to_owned());
    assert_eq!(door.pass(&asked, 0), Ok(None));
    asked.origin = Some("https://other.example".to_owned());
    assert_eq!(door.pass(&asked, 0), Err(NotVerified));
}

#[test]
fn a_plugin_gets_no_secret_of_the_head() {
    let shown = |ways: &str, secret: &str, query: &str| {
        let manifest = manifest(ways);
        let door = Door::of(&channel(None, &[secret]), &manifest).unwrap();
        let pairs = [("authorization", "Basic YTpi"), ("x-kind", "new"), ("cookie", "c")];
        let asked = Incoming { query: Some(query.to_owned()), ..request(&pairs, b"{}") };
        door.webhook(asked, &manifest.source)
    };
    let kept = shown("[[verify]]\nscheme = \"basic-auth\"", "a:b", "token=x");
    assert_eq!(kept.headers, [("x-kind".to_owned(), "new".to_owned())]);
    assert_eq!(kept.query.as_deref(), Some("token=x"));
    let by_query = "[[verify]]\nscheme = \"query-token\"";
    for (query, is_shown) in [
        ("token=s3cret", None),
        ("a=1&token=s3cret&b=%20", Some("a=1&b=%20")),
        ("%74oken=s3cret&a", Some("a")),
        ("token=other&token=s3cret", None),
    ] {
        assert_eq!(shown(by_query, "s3cret", query).query.as_deref(), is_shown, "{query}");
    }
}
