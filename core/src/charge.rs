//! What a request has cost.

/// The code of a proxy's error that says that the API was not reached: see the contract for consoles in
/// the README.
const NOT_REACHED: &str = "upstream_unreachable";

/// Whether a request has cost the user a credit. All that the page says of money, and whether it asks
/// again by itself, follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// It has cost nothing.
    No,
    /// It has cost one credit.
    Yes,
    /// Nobody on this side can tell.
    Unknown,
}

impl Charge {
    /// What an HTTP status says, and where a proxy answered, the code of its error.
    ///
    /// The API charges "only for successful 2xx responses" (its documentation). Of a 502, a 504 and any
    /// status that is not listed here, the page cannot tell who answered and what came before.
    pub fn of_status(status: u16, error_code: Option<&str>) -> Self {
        match status {
            200..=299 => Self::Yes,
            400..=500 | 503 => Self::No,
            502 | 504 if error_code == Some(NOT_REACHED) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// How many credits it has cost; `None` where that is not known.
    pub fn credits(self) -> Option<u32> {
        match self {
            Self::No => Some(0),
            Self::Yes => Some(1),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_what_it_costs() {
        for (status, charge) in [
            (200, Charge::Yes),
            (204, Charge::Yes),
            (206, Charge::Yes),
            (299, Charge::Yes),
            (400, Charge::No),
            (401, Charge::No),
            (429, Charge::No),
            (499, Charge::No),
            (500, Charge::No),
            (503, Charge::No),
            (501, Charge::Unknown),
            (502, Charge::Unknown),
            (504, Charge::Unknown),
            (302, Charge::Unknown),
            (304, Charge::Unknown),
            // A redirect that was not followed has no status.
            (0, Charge::Unknown),
        ] {
            assert_eq!(Charge::of_status(status, None), charge, "{status}");
        }
    }

    #[test]
    fn a_proxy_says_that_it_did_not_reach_the_api() {
        for status in [502, 504] {
            let charge = |code| Charge::of_status(status, Some(code));
            assert_eq!(charge("upstream_unreachable"), Charge::No);
            for code in [
                "upstream_timeout",
                "upstream_lost",
                "upstream_unusable",
                "",
                "UPSTREAM_UNREACHABLE",
            ] {
                assert_eq!(charge(code), Charge::Unknown, "{code}");
            }
        }
        // A word in the body does not undo a charge.
        assert_eq!(
            Charge::of_status(200, Some("upstream_unreachable")),
            Charge::Yes
        );
    }
}
