//! What a request cost.

/// The error code of a proxy that did not reach the API: see the contract for consoles in docs/console-contract.md.
const NOT_REACHED: &str = "upstream_unreachable";

/// Whether a request cost the user a credit. What the page says about costs, and whether it retries,
/// depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// It cost nothing.
    No,
    /// It cost one credit.
    Yes,
    /// The page cannot tell.
    Unknown,
}

impl Charge {
    /// The charge for a response with this HTTP status and, in a proxy's response, this error code.
    ///
    /// The API charges "only for successful 2xx responses" (its documentation). For a 502, a 504 and any
    /// status that is not listed here, the page cannot tell whether the API had already answered.
    pub fn from_status(status: u16, error_code: Option<&str>) -> Self {
        match status {
            200..=299 => Self::Yes,
            400..=500 | 503 => Self::No,
            502 | 504 if error_code == Some(NOT_REACHED) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// How many credits the request cost; `None` if unknown.
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
    fn each_status_has_its_charge() {
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
            // A redirect that was not followed has the status 0.
            (0, Charge::Unknown),
        ] {
            assert_eq!(Charge::from_status(status, None), charge, "{status}");
        }
    }

    #[test]
    fn a_proxy_that_did_not_reach_the_api_means_no_charge() {
        for status in [502, 504] {
            let charge = |code| Charge::from_status(status, Some(code));
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
        // An error code does not undo the charge of a success.
        assert_eq!(
            Charge::from_status(200, Some("upstream_unreachable")),
            Charge::Yes
        );
    }
}
