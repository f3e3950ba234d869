//! A file as what comes on the link that a plugin opens.
//!
//! A stream's bytes are cut as the plugin asks the server to cut them. Of a WebSocket each line of a
//! `.jsonl` file is a message, and any other file is one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use bytes::Bytes;

use super::workbench::Sample;
use crate::channel::input::{Frame, FrameContent, Input, LinkUp};
use crate::channel::link::{Connect, Framing, cut};
use crate::config::model::ChannelLimits;

/// The link is open, and then what the file holds comes on it.
pub(super) fn samples(path: &Path, connect: Option<&Connect>) -> anyhow::Result<Vec<Sample>> {
    let Some(Connect { link, framing, .. }) = connect else {
        bail!(
            "the plugin opens no link when it starts: its settings may be needed (--settings FILE)"
        );
    };
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = path.display().to_string();
    let mut samples = vec![Sample {
        input: Input::Connected(LinkUp { link: Arc::clone(link), ..LinkUp::default() }),
        file: file.clone(),
        line: None,
    }];
    let frames = match framing {
        Framing::Messages => messages(path, &bytes),
        framing => {
            let max = ChannelLimits::default().frame_bytes_max;
            let (frames, left) = cut(framing.clone(), &bytes, max).context(file.clone())?;
            if left > 0 {
                eprintln!("{file}: the last {left} bytes are no whole frame: left out");
            }
            frames.into_iter().map(FrameContent::Bytes).collect()
        }
    };
    samples.extend(frames.into_iter().enumerate().map(|(at, content)| Sample {
        input: Input::Frame(Frame { link: Arc::clone(link), content }),
        file: file.clone(),
        line: Some(at + 1),
    }));
    Ok(samples)
}

fn messages(path: &Path, bytes: &[u8]) -> Vec<FrameContent> {
    let message = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => FrameContent::Text(text.to_owned()),
        Err(_) => FrameContent::Bytes(Bytes::copy_from_slice(bytes)),
    };
    if path.extension().is_some_and(|it| it == "jsonl") {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        return lines.map(message).collect();
    }
    vec![message(bytes)]
}
