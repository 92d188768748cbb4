//! The one place where tools are pinned.
//!
//! What is pinned elsewhere, and never repeated here: the compiler in `rust-toolchain.toml`, the
//! crates and with them wasm-bindgen in `Cargo.lock`, Playwright and
//! TypeScript in `tests/e2e/package-lock.json`.

use crate::{Failure, Result};

/// trunk, which builds and serves the page. The newest that builds with the pinned compiler.
pub(crate) const TRUNK: &str = "0.21.14";

/// geckodriver, for whoever has none: any version drives Firefox for what the tests do.
pub(crate) const GECKODRIVER: &str = "0.37.1";

/// The npm package that brings `wasm-opt`; its first number is the version that wasm-opt names.
pub(crate) const BINARYEN: &str = "132.0.0";

/// The Node.js that Playwright, wasm-opt's package and Vite are used with: a major version and its
/// oldest minor one. Whatever is newer than the last of them does, too.
pub(crate) const NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

/// The version of wasm-bindgen in a `Cargo.lock`: its command must be of exactly that version.
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

/// The number in front of the first dot: "132" of "132.0.0".
pub(crate) fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

/// A short key that changes when any of the parts does, for the names of files and directories.
///
/// FNV-1a: the standard library's hashes may differ between compilers, and a key must not.
pub(crate) fn key<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // The zero keeps ["ab", "c"] and ["a", "bc"] apart.
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
    fn wasm_bindgen_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"r\"\n";
        assert_eq!(wasm_bindgen(lock).ok().as_deref(), Some("0.2.130"));
    }

    #[test]
    fn a_lock_file_without_wasm_bindgen_is_an_error() {
        // A dependency on it, in another package's list, is not its version.
        let lock = "[[package]]\nname = \"leptos\"\nversion = \"0.8.1\"\ndependencies = [\n \"wasm-bindgen\",\n]\n";
        assert!(wasm_bindgen(lock).is_err());
    }

    #[test]
    fn keys_are_stable_and_tell_inputs_apart() {
        assert_eq!(key::<&str>(&[]), "cbf29ce484222325");
        assert_eq!(key(&["lock", "20"]), key(&["lock", "20"]));
        assert_ne!(key(&["lock", "20"]), key(&["lock", "22"]));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }
}
