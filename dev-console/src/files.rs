//! Files in memory, each compressed once, as [`ServeDir`](tower_http::services::ServeDir) serves them.
//!
//! A file is read when it is first needed, and again when it has changed: examples are built while the
//! console runs. What `ServeDir` asks for as `name.br` or `name.gz` is made of `name`. There are no
//! hidden files, and no links that lead out of the directory.

use std::collections::HashMap;
use std::fs;
use std::future::{Ready, ready};
use std::io::{self, Cursor, ErrorKind, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tokio::sync::OnceCell;
use tower_http::services::fs::{Backend, File, Metadata};

/// Better qualities and larger windows take several times the memory, which the process keeps. For the page's
/// WebAssembly they save a hundredth.
const BROTLI_QUALITY: i32 = 6;
const BROTLI_WINDOW: i32 = 19;

/// How long a request waits for a file to be compressed, before it gets the file as it is.
const PATIENCE: Duration = Duration::from_secs(1);

type Cache = HashMap<PathBuf, (Stamp, Arc<OnceCell<Bytes>>)>;

/// The files of a directory.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// Without links.
    root: PathBuf,
    cache: Arc<Mutex<Cache>>,
}

/// By what a file is known to have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: SystemTime,
    len: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Files {
    /// # Errors
    /// When there is no such directory.
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        Ok(Self {
            root: directory.canonicalize()?,
            cache: Arc::default(),
        })
    }

    /// Reads and compresses all files, so that no request waits for it.
    pub(crate) async fn load_all(self) {
        let mut directories = vec![PathBuf::new()];
        while let Some(directory) = directories.pop() {
            let entries = fs::read_dir(self.root.join(&directory));
            for entry in entries.into_iter().flatten().flatten() {
                let path = directory.join(entry.file_name());
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    directories.push(path);
                    continue;
                }
                for suffix in ["", ".br", ".gz"] {
                    let mut path = path.clone().into_os_string();
                    path.push(suffix);
                    // What cannot be read is reported to whoever asks for it.
                    let _ = self.read(path.into(), Duration::MAX).await;
                }
            }
        }
    }

    /// The path of a file or directory, without links. `None` when it is hidden, or not in the root.
    fn locate(&self, path: &Path) -> Option<(PathBuf, fs::Metadata)> {
        let is_visible = |component: Component<'_>| match component {
            Component::Normal(name) => !name.as_encoded_bytes().starts_with(b"."),
            // `ServeDir` begins with one.
            Component::CurDir => true,
            _ => false,
        };
        if !path.components().all(is_visible) {
            return None;
        }
        let path = self.root.join(path).canonicalize().ok()?;
        let inside = path.strip_prefix(&self.root).ok()?;
        if !inside.components().all(is_visible) {
            return None;
        }
        let metadata = path.metadata().ok()?;
        Some((path, metadata))
    }

    async fn read(&self, path: PathBuf, patience: Duration) -> io::Result<Opened> {
        let (source, encoding) = source_of(&path);
        let (source, metadata) = self.locate(&source).ok_or(ErrorKind::NotFound)?;
        if !metadata.is_file() {
            return Err(ErrorKind::NotFound.into());
        }
        let stamp = Stamp {
            modified: metadata.modified()?,
            len: metadata.len(),
        };
        let cell = self.cell(path, stamp);
        let bytes = match cell.get() {
            Some(bytes) => bytes.clone(),
            None => {
                let load = async move {
                    let loaded = cell.get_or_try_init(|| load(source, encoding));
                    loaded.await.cloned()
                };
                // It goes on when nobody waits any more. For the file itself there is no other.
                let patience = encoding.map_or(Duration::MAX, |_| patience);
                let loaded = tokio::time::timeout(patience, tokio::spawn(load)).await;
                loaded.map_err(|_| ErrorKind::NotFound)???
            }
        };
        // Empty where compressing saves nothing.
        if encoding.is_some() && bytes.is_empty() {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(Opened {
            stamp: Stamp {
                len: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                ..stamp
            },
            bytes: Cursor::new(bytes),
        })
    }

    /// The place of a file's bytes. Whoever comes first fills it.
    fn cell(&self, path: PathBuf, stamp: Stamp) -> Arc<OnceCell<Bytes>> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if !cache.contains_key(&path) {
            // Each build has files of other names.
            cache.retain(|known, _| self.locate(&source_of(known).0).is_some());
        }
        let (known, cell) = cache.entry(path).or_insert_with(|| (stamp, Arc::default()));
        if *known != stamp {
            *known = stamp;
            *cell = Arc::default();
        }
        Arc::clone(cell)
    }
}

/// The file from which a file is made, and how.
fn source_of(path: &Path) -> (PathBuf, Option<Encoding>) {
    let encoding = match path.extension() {
        Some(extension) if extension == "br" => Encoding::Brotli,
        Some(extension) if extension == "gz" => Encoding::Gzip,
        _ => return (path.to_owned(), None),
    };
    (path.with_extension(""), Some(encoding))
}

async fn load(path: PathBuf, encoding: Option<Encoding>) -> io::Result<Bytes> {
    let load = move || {
        let bytes = fs::read(path)?;
        let compressed = match encoding {
            None => return Ok(bytes.into()),
            Some(Encoding::Brotli) => {
                let params = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    lgwin: BROTLI_WINDOW,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut compressed = Vec::new();
                brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &params)?;
                compressed
            }
            Some(Encoding::Gzip) => {
                let level = flate2::Compression::best();
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(&bytes)?;
                encoder.finish()?
            }
        };
        let saves = compressed.len() < bytes.len();
        Ok(if saves {
            compressed.into()
        } else {
            Bytes::new()
        })
    };
    tokio::task::spawn_blocking(load).await?
}

/// A file in memory.
pub(crate) struct Opened {
    bytes: Cursor<Bytes>,
    stamp: Stamp,
}

/// What is known of a path.
pub(crate) enum Found {
    Directory,
    File(Stamp),
}

impl Metadata for Found {
    fn is_dir(&self) -> bool {
        matches!(self, Self::Directory)
    }

    fn modified(&self) -> io::Result<SystemTime> {
        match self {
            Self::Directory => Err(ErrorKind::IsADirectory.into()),
            Self::File(stamp) => Ok(stamp.modified),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Directory => 0,
            Self::File(stamp) => stamp.len,
        }
    }
}

impl File for Opened {
    type Metadata = Found;
    type MetadataFuture<'a> = Ready<io::Result<Found>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(Found::File(self.stamp)))
    }
}

impl AsyncRead for Opened {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_read(context, buffer)
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.bytes).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.bytes).poll_complete(context)
    }
}

type Pending<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl Backend for Files {
    type File = Opened;
    type Metadata = Found;
    type OpenFuture = Pending<Opened>;
    type MetadataFuture = Pending<Found>;

    fn open(&self, path: PathBuf) -> Pending<Opened> {
        let files = self.clone();
        Box::pin(async move { files.read(path, PATIENCE).await })
    }

    fn metadata(&self, path: PathBuf) -> Pending<Found> {
        let files = self.clone();
        Box::pin(async move {
            match files.locate(&path) {
                Some((_, metadata)) if metadata.is_dir() => Ok(Found::Directory),
                _ => files
                    .read(path, PATIENCE)
                    .await
                    .map(|opened| Found::File(opened.stamp)),
            }
        })
    }
}
