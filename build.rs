//! With `REFERRAL_HISTORY_SPLIT` the program can be split: see `src/main.rs`. `cargo xtask build` sets it.

use std::env;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(split)");
    println!("cargo::rerun-if-env-changed=REFERRAL_HISTORY_SPLIT");
    if env::var_os("REFERRAL_HISTORY_SPLIT").is_some() {
        println!("cargo::rustc-cfg=split");
        // The relocations say which code needs which: by them the program is split.
        println!("cargo::rustc-link-arg-bin=element=--emit-relocs");
    }
}
