//! The pinned versions of tools.
//!
//! Other files pin the rest: `rust-toolchain.toml` the compiler, `Cargo.lock` the crates and
//! wasm-bindgen, `tests/e2e/package-lock.json` Playwright and TypeScript.

use crate::{Failure, Result};

/// trunk, which builds and serves the page. The newest version that compiles with the pinned compiler.
pub(crate) const TRUNK: &str = "0.21.14";

/// geckodriver, installed if there is none. The tests work with any version.
pub(crate) const GECKODRIVER: &str = "0.37.1";

/// The npm package binaryen, which contains `wasm-opt`. `wasm-opt --version` prints its major version.
pub(crate) const BINARYEN: &str = "132.0.0";

/// The supported versions of Node.js, for Playwright, binaryen and Vite: major versions, each with its
/// lowest minor version. Later major versions are supported too.
pub(crate) const NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

/// The version of wasm-bindgen in a `Cargo.lock`. The wasm-bindgen command must have the same version.
pub(crate) fn wasm_bindgen(lock: &str) -> Result<String> {
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "name = \"wasm-bindgen\"" {
            let version = lines
                .next()
                .and_then(|line| line.trim().strip_prefix("version = \""))
                .and_then(|rest| rest.strip_suffix('"'));
            if let Some(version) = version {
                return Ok(version.to_owned());
            }
        }
    }
    Err(Failure::new(
        "Cargo.lock names no version of wasm-bindgen: run `cargo generate-lockfile`.",
    ))
}

/// The major version: "132" for "132.0.0".
pub(crate) fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

/// A hash of the parts in hexadecimal, for the names of files and directories.
///
/// FNV-1a, because the standard library's hash may change between compiler versions.
pub(crate) fn fingerprint<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // The zero separates the parts: ["ab", "c"] and ["a", "bc"] have different hashes.
        for byte in part.as_ref().iter().copied().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"r\"\n";
        assert_eq!(wasm_bindgen(lock).ok().as_deref(), Some("0.2.130"));
    }

    #[test]
    fn a_lock_file_without_wasm_bindgen_is_an_error() {
        // Only a dependency of another package names wasm-bindgen.
        let lock = "[[package]]\nname = \"leptos\"\nversion = \"0.8.1\"\ndependencies = [\n \"wasm-bindgen\",\n]\n";
        assert!(wasm_bindgen(lock).is_err());
    }

    #[test]
    fn fingerprints_are_stable_and_distinguish_inputs() {
        assert_eq!(fingerprint::<&str>(&[]), "cbf29ce484222325");
        assert_eq!(fingerprint(&["lock", "20"]), fingerprint(&["lock", "20"]));
        assert_ne!(fingerprint(&["lock", "20"]), fingerprint(&["lock", "22"]));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
