//! `[boards]`.

use std::path::PathBuf;
use std::time::Duration;

/// What the walls show.
#[derive(Clone, Debug)]
pub struct Boards {
    /// Folder with the site's own board files; one with a shipped name replaces it.
    pub dir: Option<PathBuf>,
    /// Frames per second and board at most. Default 4.
    pub frames_per_second_max: u32,
    /// Shares and mean times of fewer contacts have no colour. Default 10.
    pub min_volume: u32,
    /// Largest picture in the `images` of `dir`. Default 4 MiB.
    pub image_bytes_max: usize,
    /// Of all pictures together, which are kept in memory. Default 32 MiB.
    pub images_bytes_max: usize,
    /// Texts that a board had, kept of each. Default 100.
    pub versions_max: usize,
    /// Of the kept texts of all boards together. Default 64 MiB.
    pub versions_bytes_max: usize,
    /// Boards of files with a parameter that are open at once. Default 50.
    pub instances_max: usize,
    /// One of them that nobody has looked at for so long is closed. Default 5 min.
    pub instance_idle: Duration,
    /// Hosts whose pages a board may show, each with a port where it is not the usual one. None by
    /// default.
    pub embed_hosts: Vec<String>,
}

impl Default for Boards {
    fn default() -> Self {
        Self {
            dir: None,
            frames_per_second_max: 4,
            min_volume: 10,
            image_bytes_max: 4 << 20,
            images_bytes_max: 32 << 20,
            versions_max: 100,
            versions_bytes_max: 64 << 20,
            instances_max: 50,
            instance_idle: Duration::from_secs(300),
            embed_hosts: Vec::new(),
        }
    }
}
