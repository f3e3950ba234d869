//! `allow_from`: webhooks come from these addresses only.

use std::net::IpAddr;

use ipnet::IpNet;

use super::VerifyError;

/// Addresses and networks; none means: from anywhere.
pub(super) struct Networks(Vec<IpNet>);

impl Networks {
    pub(super) fn parse(texts: &[String]) -> Result<Self, VerifyError> {
        let network = |text: &String| {
            let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
            text.parse::<IpNet>().ok().or_else(address).ok_or_else(|| {
                let expected = "expected an address or a network such as `217.20.145.192/28`";
                VerifyError::author(format!("allow_from `{text}`: {expected}"))
            })
        };
        texts.iter().map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Who asks through a proxy that does not say for whom comes from nowhere.
    pub(super) fn allow(&self, caller: Option<IpAddr>) -> bool {
        let is_among = |caller: IpAddr| {
            let caller = caller.to_canonical();
            self.0.iter().any(|network| network.contains(&caller))
        };
        self.0.is_empty() || caller.is_some_and(is_among)
    }
}
