//! Pictures of every board that ships, in each state and on each kind of screen: what the README
//! shows, and what whoever changes a tile looks at.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use color_quant::NeuQuant;

use crate::pages;
use crate::place::Place;
use crate::plugins;
use crate::setup;
use crate::step::Steps;

const STATES: [&str; 4] = ["quiet", "busy", "red", "stale"];
/// A wall, a large wall, a screen that stands upright.
const SIZES: [&str; 3] = ["1920x1080", "3840x2160", "1080x1920"];
/// Whatever a wall shows has few colours: a palette makes a picture four times smaller.
const COLOURS: usize = 256;
/// One of so many pixels is looked at for the palette: as good as all, and faster.
const SAMPLED: i32 = 7;

/// Which pictures to make.
#[derive(clap::Args)]
pub(crate) struct PicturesArgs {
    /// Only boards with this in their name
    board: Option<String>,
    /// Only for screens of this size
    #[arg(long, value_parser = SIZES)]
    size: Option<String>,
}

/// Leaves them in `dashboards/pictures/BOARD-STATE-SIZE.png`.
pub(crate) fn run(args: &PicturesArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    setup::test_programs(steps, place)?;
    plugins::build(place, steps)?;
    pages::build(place, steps)?;
    steps.run("build server", &mut place.cargo(&["build", "--bin", "tablica"]))?;
    let program = place.target().join("debug/tablica");
    let folder = place.root.join("dashboards/pictures");
    fs::create_dir_all(&folder)?;
    let boards = boards(place, args.board.as_deref().unwrap_or_default())?;
    ensure!(!boards.is_empty(), "no board that ships is called so");
    let is_asked = |size: &&&str| args.size.as_deref().is_none_or(|one| one == **size);
    for board in &boards {
        let name = board.file_stem().unwrap_or_default().to_string_lossy();
        for size in SIZES.iter().filter(is_asked) {
            for state in STATES {
                let picture = folder.join(format!("{name}-{state}-{size}.png"));
                let mut command = Command::new(&program);
                command.args(["board", "preview"]).arg(board).arg("--out").arg(&picture);
                command.args(["--state", state, "--size", size]);
                steps.run(&format!("picture {name} {state} {size}"), &mut command)?;
                shrink(&picture).with_context(|| format!("cannot read {}", picture.display()))?;
            }
        }
    }
    println!("{} has them", folder.display());
    Ok(())
}

fn boards(place: &Place, part: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut boards = Vec::new();
    for entry in fs::read_dir(place.root.join("dashboards/boards"))? {
        let path = entry?.path();
        let is_board = path.extension().is_some_and(|extension| extension == "toml");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if is_board && name.contains(part) {
            boards.push(path);
        }
    }
    boards.sort();
    Ok(boards)
}

/// The same picture with a palette.
pub(crate) fn shrink(path: &Path) -> anyhow::Result<()> {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path)?));
    decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let bytes = reader.output_buffer_size().context("the picture is too large")?;
    let mut pixels = vec![0; bytes];
    let info = reader.next_frame(&mut pixels)?;
    pixels.truncate(info.buffer_size());
    if info.color_type == png::ColorType::Rgb {
        // What a browser took of a page without holes.
        pixels = pixels.chunks_exact(3).flat_map(|it| [it[0], it[1], it[2], u8::MAX]).collect();
    } else {
        ensure!(info.color_type == png::ColorType::Rgba, "it has no colours");
    }
    let palette = NeuQuant::new(SAMPLED, COLOURS, &pixels);
    let indices: Vec<u8> =
        pixels.chunks_exact(4).map(|pixel| palette.index_of(pixel) as u8).collect();
    let mut encoder =
        png::Encoder::new(BufWriter::new(File::create(path)?), info.width, info.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.color_map_rgb());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(())
}
