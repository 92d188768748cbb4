//! The console under load. The bounds are generous, because other tests run at the same time; what a
//! quiet machine reaches is in docs/decisions.md.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command_line::running::{self, Started};
use crate::support::{Browser, EVENTS};

fn start(dist: &str) -> Started {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dev-console"));
    let arguments = ["--port", "0", "--dist", dist, "--log", "warnings"];
    running::start_command(command.args(arguments))
}

/// The memory of the console that is in use, in MiB.
fn resident(started: &Started) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", started.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().trim().split(' ').next().unwrap();
    kib.parse::<u64>().unwrap() / 1024
}

/// Sends requests one after another on one connection, and checks that each is answered with 200.
async fn ask(address: String, path: String, headers: String, times: usize) {
    let mut connection = TcpStream::connect(&address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n");
    let mut bytes = Vec::new();
    for _ in 0..times {
        connection.write_all(request.as_bytes()).await.unwrap();
        bytes.clear();
        let head = loop {
            assert_ne!(connection.read_buf(&mut bytes).await.unwrap(), 0);
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{text}");
        let length = text.split("content-length: ").nth(1).unwrap();
        let length: usize = length.split('\r').next().unwrap().parse().unwrap();
        while bytes.len() < head + length {
            assert_ne!(connection.read_buf(&mut bytes).await.unwrap(), 0);
        }
    }
}

async fn ask_at_once(tasks: impl Iterator<Item = (String, String, String, usize)>) -> Duration {
    let start = Instant::now();
    let tasks = tasks
        .map(|(address, path, headers, times)| tokio::spawn(ask(address, path, headers, times)));
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    start.elapsed()
}

/// Compressing the WebAssembly for each request took 300 MiB, and 10 seconds for what this asks.
#[tokio::test]
async fn webassembly_is_compressed_once() {
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("load");
    fs::create_dir_all(&dist).unwrap();
    fs::write(dist.join("index.html"), "the page").unwrap();
    let words = (0..100_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_string());
    fs::write(dist.join("page_bg.wasm"), words.collect::<String>()).unwrap();
    let started = start(dist.to_str().unwrap());
    let address = started.url.replace("http://", "").replace('/', "");
    let task = |_| {
        let headers = "accept-encoding: br\r\n".to_owned();
        (address.clone(), "/page_bg.wasm".to_owned(), headers, 6)
    };
    ask_at_once((0..50).map(task)).await;
    let before = resident(&started);
    let time = ask_at_once((0..50).map(task)).await;
    assert!(time < Duration::from_secs(3), "{time:?}");
    let after = resident(&started);
    assert!(after < before + 16, "{before} MiB, then {after} MiB");
    running::end(started, "-TERM");
}

#[tokio::test]
async fn two_hundred_connections_get_their_answers() {
    rlimit::increase_nofile_limit(4096).unwrap();
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("load-events");
    fs::create_dir_all(&dist).unwrap();
    fs::write(dist.join("index.html"), "the page").unwrap();
    let started = start(dist.to_str().unwrap());
    let address = started.url.replace("http://", "").replace('/', "");
    let mut cookies = Vec::new();
    // A demo account may send 300 requests a minute.
    for _ in 0..8 {
        let mut browser = Browser::at(&started.url);
        browser.sign_in(&[("account", "few")]).await;
        cookies.push(browser.cookie.unwrap());
    }
    let tasks = cookies.iter().cycle().take(200).map(|cookie| {
        let headers = format!("cookie: {}={cookie}\r\n", dev_console::COOKIE_NAME);
        (address.clone(), EVENTS.to_owned(), headers, 10)
    });
    ask_at_once(tasks).await;
    let memory = resident(&started);
    assert!(memory < 64, "{memory} MiB");
    running::end(started, "-TERM");
}
