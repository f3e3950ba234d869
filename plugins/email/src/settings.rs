//! What the operator can set in `[channel.NAME.settings]`: which addresses are ours.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Failure, identity, pointer, setting_error, settings};

/// What stands behind `+` in our addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plus {
    /// A thread's token where it looks like one, else a label.
    #[default]
    Auto,
    /// Always a thread's token.
    Threads,
    /// Never one.
    Labels,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Whoever writes from these domains, or those below them, is ours.
    own_domains: Vec<String>,
    /// Our addresses that several people use, and those outside of our domains.
    own_addresses: Vec<String>,
    /// Our addresses that are queues, each with its name.
    mailboxes: BTreeMap<String, String>,
    pub(crate) plus: Plus,
    /// What stands before the number of a thread in subjects, beside `[#` and the like.
    pub(crate) subject_tags: Vec<String>,
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let mut settings: Self = settings(config)?;
        for (number, domain) in settings.own_domains.iter_mut().enumerate() {
            *domain = domain.trim().trim_start_matches('@').to_lowercase();
            if domain.is_empty() || domain.contains(['@', ' ', '*']) {
                let at = pointer(["own_domains", &number.to_string()]);
                return Err(setting_error(&at, "is no domain, such as \"example.com\""));
            }
        }
        for (number, address) in settings.own_addresses.iter_mut().enumerate() {
            let at = pointer(["own_addresses", &number.to_string()]);
            *address = checked(address, &at)?;
        }
        let mut mailboxes = BTreeMap::new();
        for (address, queue) in &settings.mailboxes {
            let at = pointer(["mailboxes", address]);
            if queue.trim().is_empty() {
                return Err(setting_error(&at, "is empty; name the queue, such as \"sales\""));
            }
            mailboxes.insert(checked(address, &at)?, queue.trim().to_owned());
        }
        settings.mailboxes = mailboxes;
        if let Some(number) = settings.subject_tags.iter().position(|tag| tag.trim().is_empty()) {
            let at = pointer(["subject_tags", &number.to_string()]);
            return Err(setting_error(&at, "is empty: every number would be a thread"));
        }
        for tag in &mut settings.subject_tags {
            *tag = tag.trim().to_lowercase();
        }
        Ok(settings)
    }

    /// Anything that is ours was named.
    pub(crate) fn knows_own(&self) -> bool {
        !(self.own_domains.is_empty() && self.own_addresses.is_empty() && self.mailboxes.is_empty())
    }

    /// An address is ours.
    pub(crate) fn is_own(&self, address: &str) -> bool {
        self.is_shared(address)
            || address.rsplit_once('@').is_some_and(|(_, domain)| self.is_own_domain(domain))
    }

    pub(crate) fn is_own_domain(&self, domain: &str) -> bool {
        self.own_domains.iter().any(|own| {
            domain.strip_suffix(own.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('.'))
        })
    }

    /// An address of ours that names no person.
    pub(crate) fn is_shared(&self, address: &str) -> bool {
        let bare = without_plus(address);
        let is = |own: &str| own == address || own == bare;
        self.own_addresses.iter().any(|own| is(own)) || self.mailboxes.keys().any(|own| is(own))
    }

    /// A mailing list is ours: `support.example.com`, as the list of `support@example.com` is named.
    pub(crate) fn is_own_list(&self, list: &str) -> bool {
        let mut shared = self.own_addresses.iter().chain(self.mailboxes.keys());
        self.is_own_domain(list) || shared.any(|it| is_list_of(list, it))
    }

    /// The queue of the first of these addresses that is a mailbox of ours.
    pub(crate) fn queue<'a>(
        &self,
        mut addresses: impl Iterator<Item = &'a String>,
    ) -> Option<String> {
        addresses.find_map(|it| {
            self.mailboxes.get(it).or_else(|| self.mailboxes.get(&without_plus(it))).cloned()
        })
    }
}

/// A mailing list is that of an address.
pub(crate) fn is_list_of(list: &str, address: &str) -> bool {
    without_plus(address).split_once('@').is_some_and(|(local, domain)| {
        list.strip_prefix(local).and_then(|it| it.strip_prefix('.')) == Some(domain)
    })
}

fn checked(address: &str, at: &str) -> Result<String, Failure> {
    let why = "is no address, such as \"support@example.com\"";
    crate::letter::address(address)
        .ok_or_else(|| setting_error(at, why))
        .and_then(|it| identity::mail(&it).map(|_| it).ok_or_else(|| setting_error(at, why)))
}

/// `support+4711@example.com` as `support@example.com`.
pub(crate) fn without_plus(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let bare = local.split_once('+').map_or(local, |(bare, _)| bare);
            format!("{bare}@{domain}")
        }
        None => address.to_owned(),
    }
}
