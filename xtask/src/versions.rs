//! The pinned versions of tools in Rust.
//!
//! Other files pin the rest: `rust-toolchain.toml` the compiler, `Cargo.lock` the crates and wasm-bindgen,
//! and the files `package-lock.json` of `xtask/`, `tests/e2e/` and `examples/react/` what npm installs.

/// trunk, which builds and serves the page. The newest version that compiles with the pinned compiler.
pub(crate) const TRUNK: &str = "0.21.14";

/// geckodriver, installed if there is none. The tests work with any version.
pub(crate) const GECKODRIVER: &str = "0.37.1";

/// cargo-binstall, which fetches prebuilt tools. One that the user has is used in any version.
pub(crate) const BINSTALL: &str = "1.14.1";

/// The version of wasm-bindgen in a `Cargo.lock`. The wasm-bindgen command must have the same.
pub(crate) fn wasm_bindgen(lock: &str) -> Option<&str> {
    let (_, package) = lock.split_once("name = \"wasm-bindgen\"\nversion = \"")?;
    package.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_wasm_bindgen_is_that_of_the_lock_file() {
        let lock = "name = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(wasm_bindgen(lock), Some("0.2.130"));
        let used = "dependencies = [\n \"wasm-bindgen\",\n]\n";
        assert_eq!(wasm_bindgen(used), None);
        assert!(wasm_bindgen(include_str!("../../Cargo.lock")).is_some());
    }
}
