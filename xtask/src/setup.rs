//! Gets what a fresh machine lacks: the wasm target, Debian packages, and a sentence about what
//! cannot be got.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::place::Place;
use crate::step::Steps;
use crate::tools::{answer, which};

/// What plugins are built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Which cargo builds plugins.
pub(crate) enum WasmCargo {
    /// The toolchain's own: it has the target.
    Own,
    /// Debian's, which builds the standard library for the target from its sources.
    Debian {
        /// The linker for WebAssembly, from the installed toolchain.
        linker: PathBuf,
    },
}

/// A program that tests run, and the Debian package that has it.
const TEST_PROGRAMS: [(&str, &str); 9] = [
    ("amtool", "prometheus-alertmanager"),
    ("chromium", "chromium"),
    ("docker-compose", "docker-compose"),
    ("faketime", "faketime"),
    ("jsonnet", "jsonnet"),
    ("nginx", "nginx"),
    ("prometheus", "prometheus"),
    ("promtool", "prometheus"),
    ("prometheus-alertmanager", "prometheus-alertmanager"),
];

/// Makes sure that plugins can be built.
pub(crate) fn wasm(steps: &mut Steps, place: &Place) -> anyhow::Result<WasmCargo> {
    if own_target() {
        return Ok(WasmCargo::Own);
    }
    if which("rustup").is_some() {
        let mut command = place.command("rustup".as_ref());
        command.args(["target", "add", WASM]);
        let added = steps.attempt("rustup target add", &mut command)?;
        if added.status.success() && own_target() {
            return Ok(WasmCargo::Own);
        }
    }
    if which("apt-get").is_none() {
        bail!("the target {WASM} is missing; `rustup target add {WASM}` gets it");
    }
    let missing: Vec<_> = ["rustc-web", "cargo-web", "rust-web-src"]
        .into_iter()
        .filter(|package| !installed(package))
        .collect();
    install(steps, place, &missing)?;
    let linker = rust_lld().context(
        "the Rust toolchain has no rust-lld, which links WebAssembly; install Rust by rustup",
    )?;
    Ok(WasmCargo::Debian { linker })
}

fn own_target() -> bool {
    answer("rustc", &["--print", "target-libdir", "--target", WASM]).is_some_and(|folder| {
        std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
    })
}

fn rust_lld() -> Option<PathBuf> {
    let libraries = answer("rustc", &["--print", "target-libdir"])?;
    let linker = Path::new(&libraries).parent()?.join("bin/rust-lld");
    linker.is_file().then_some(linker)
}

/// Makes sure that node and npm are there.
pub(crate) fn node() -> anyhow::Result<()> {
    if which("node").is_none() || which("npm").is_none() {
        bail!(
            "the wall's front end is built with Node.js 20 or newer and npm, and they are not \
             here; see https://nodejs.org (on Debian: apt-get install nodejs npm)"
        );
    }
    Ok(())
}

/// Makes sure that the programs are there which tests run.
pub(crate) fn test_programs(steps: &mut Steps, place: &Place) -> anyhow::Result<()> {
    let missing: Vec<_> =
        TEST_PROGRAMS.into_iter().filter(|(program, _)| which(program).is_none()).collect();
    let mut packages: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    if which("apt-get").is_none() {
        let programs: Vec<_> = missing.iter().map(|(program, _)| *program).collect();
        bail!(
            "tests run these programs, and they are not on the PATH: {}; install them and try \
             again (on Debian this happens by itself)",
            programs.join(", ")
        );
    }
    install(steps, place, &packages)?;
    let serves = |package: &&&str| package.starts_with("prometheus") || **package == "nginx";
    for service in packages.iter().filter(serves) {
        quiet(place, service);
    }
    Ok(())
}

/// Installs Debian packages, as root or by sudo.
fn install(steps: &mut Steps, place: &Place, packages: &[&str]) -> anyhow::Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        let mut command = as_root(place, "apt-get")?;
        command.args(arguments);
        anyhow::Ok(command)
    };
    let hint = || format!("install by hand and try again: apt-get install {}", packages.join(" "));
    let update = steps.attempt("apt-get update", &mut apt(&["update"])?)?;
    if !update.status.success() {
        println!("    apt-get update failed; trying with the lists that are here");
    }
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    steps
        .run(&format!("apt-get install {}", packages.join(" ")), &mut apt(&arguments)?)
        .with_context(hint)?;
    Ok(())
}

/// A command with root's rights.
fn as_root(place: &Place, program: &str) -> anyhow::Result<std::process::Command> {
    let mut command = if answer("id", &["-u"]).as_deref() == Some("0") {
        let mut command = place.command("env".as_ref());
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    } else if which("sudo").is_some() {
        let mut command = place.command("sudo".as_ref());
        // No prompt that nobody would see: without a remembered password it fails at once.
        command.args(["--non-interactive", "env", "DEBIAN_FRONTEND=noninteractive", program]);
        command
    } else {
        bail!("`{program}` needs root, and there is no sudo");
    };
    command.env("LC_ALL", "C.UTF-8");
    Ok(command)
}

fn installed(package: &str) -> bool {
    answer("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package])
        .is_some_and(|status| status == "installed")
}

/// Debian starts a package's service at once. We want the program only, and only where this
/// install brought it; where no service manager runs there is nothing to stop.
fn quiet(place: &Place, service: &str) {
    if Path::new("/run/systemd/system").is_dir()
        && let Ok(mut command) = as_root(place, "systemctl")
    {
        // A service that cannot be stopped harms nobody: tests take free ports.
        let _ = command.args(["disable", "--now", service]).output();
    }
}
