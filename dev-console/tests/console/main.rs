//! The development console over real HTTP, as a browser and an upstream meet it.

// Clippy allows `unwrap` in helpers only below `cfg(test)`.
#[cfg(test)]
mod axum_proxy;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod limits;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod load;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod public_url;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod static_files;
#[cfg(test)]
mod support;
#[cfg(test)]
mod viewer;
