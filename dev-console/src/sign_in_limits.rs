//! How often a client and an account may sign in.
//!
//! A client that signs in again and again would fill the table of sessions, and one that tries
//! passwords would find one. Each client has a budget, which it gets back slowly: even a client that
//! uses all of it for a day leaves room for the sessions of others. An account's budget is that of
//! several clients, so that one client cannot keep its user out.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// The time after which a client may sign in once more.
const CLIENT_PERIOD: Duration = Duration::from_secs(120);

/// The number of clients whose budgets an account has.
const CLIENTS_PER_ACCOUNT: u32 = 10;

/// The number of clients that are remembered before those with a full budget are forgotten.
const MAX_REMEMBERED: usize = 10_000;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

#[derive(Debug)]
pub(crate) struct SignInLimits {
    clients: Limiter<IpAddr>,
    accounts: Limiter<&'static str>,
}

impl SignInLimits {
    /// Each client may sign in this often at once.
    pub(crate) fn new(at_once: NonZeroU32) -> Self {
        let quota = |period, at_once| {
            let quota = Quota::with_period(period);
            // Only a period of zero is none.
            quota.map_or(Quota::per_minute(at_once), |quota| {
                quota.allow_burst(at_once)
            })
        };
        let of_account =
            at_once.saturating_mul(NonZeroU32::MIN.saturating_add(CLIENTS_PER_ACCOUNT - 1));
        Self {
            clients: RateLimiter::hashmap(quota(CLIENT_PERIOD, at_once)),
            accounts: RateLimiter::hashmap(quota(CLIENT_PERIOD / CLIENTS_PER_ACCOUNT, of_account)),
        }
    }

    /// Counts an attempt of a client.
    ///
    /// # Errors
    /// The time until the client may try again.
    pub(crate) fn count_client(&self, client: IpAddr) -> Result<(), Duration> {
        if self.clients.len() > MAX_REMEMBERED {
            self.clients.retain_recent();
        }
        check(&self.clients, &network(client))
    }

    /// Counts an attempt to sign in as an account that exists.
    ///
    /// # Errors
    /// The time until the account may be tried again.
    pub(crate) fn count_account(&self, account: &'static str) -> Result<(), Duration> {
        check(&self.accounts, &account)
    }
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Duration> {
    limiter
        .check_key(key)
        .map_err(|refused| refused.wait_time_from(limiter.clock().now()))
}

/// What one client certainly shares: of IPv6, the network, since a client has all of its addresses.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(at_once: u32) -> SignInLimits {
        SignInLimits::new(NonZeroU32::new(at_once).unwrap())
    }

    #[test]
    fn one_client_does_not_use_up_the_attempts_of_others() {
        let limits = limits(3);
        let [mine, other] = [1, 2].map(|last| IpAddr::from([192, 0, 2, last]));
        for _ in 0..3 {
            assert!(limits.count_client(mine).is_ok());
        }
        let wait = limits.count_client(mine).unwrap_err();
        assert!(
            wait > CLIENT_PERIOD / 2 && wait <= CLIENT_PERIOD,
            "{wait:?}"
        );
        assert!(limits.count_client(other).is_ok());
    }

    #[test]
    fn the_addresses_of_an_ipv6_network_are_one_client() {
        let limits = limits(1);
        let [first, second, other] =
            ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(|text| text.parse().unwrap());
        assert!(limits.count_client(first).is_ok());
        assert!(limits.count_client(second).is_err());
        assert!(limits.count_client(other).is_ok());
    }

    #[test]
    fn an_account_has_a_limit_over_all_clients() {
        let limits = limits(2);
        for _ in 0..20 {
            assert!(limits.count_account("crawlora").is_ok());
        }
        assert!(limits.count_account("crawlora").is_err());
        assert!(limits.count_account("other").is_ok());
    }

    #[test]
    fn one_client_cannot_fill_the_table_of_sessions_in_a_day() {
        let day = crate::sessions::LIFETIME.as_secs() / CLIENT_PERIOD.as_secs();
        let most = u64::from(crate::DEFAULT_SIGN_INS.get()) + day;
        assert!(most < u64::try_from(crate::DEFAULT_MAX_SESSIONS).unwrap() / 2);
    }
}
