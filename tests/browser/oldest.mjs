// Walls in a real old engine: Chromium 53, as in televisions of 2018, which QtWebEngine 5.8 is made of.
//
//   (cd dashboards/app && npm ci && npm run build)
//   node tests/browser/oldest.mjs [--pictures DIR] [--python python3.7]
//
// It takes Python 3.5, 3.6 or 3.7 with its `venv`, and the packages xvfb, libgl1, libnss3, libxcomposite1,
// libxcursor1, libxi6 and libxtst6 of Debian; the engine itself (80 MB) is installed into a folder of the
// cache. Too much for every run of all tests: there, old-browser.mjs takes away what this engine lacks, and
// the build checks syntax, interfaces and styles. Run this after a change of what walls are drawn with.
//
// The boards are those of the stand-in server, with moving figures; a wall's geometry is looked at as in
// Chromium, by layout.mjs.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faultsOf } from "./layout.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = ["PyQt5==5.8.2", "sip==4.19.8"];
const PYTHONS = ["python3.7", "python3.6", "python3.5"];
const PORT = 4397;
/** For one board, its engine's start included. */
const LIMIT_MS = 60_000;
const BOARDS = ["floor", "many", "long", "late", "alarm", "lists", "lists_rules", "opinion", "house", "floor-uk", "light", "high_contrast"];
const PAINTED = `(function () {
  var wall = document.querySelector("main");
  return !!wall && wall.getAttribute("data-phase") === "live" && document.querySelectorAll(".tile .panel").length > 0;
})()`;

const pictures = option("--pictures") || mkdtempSync(join(tmpdir(), "tablica-oldest-"));
mkdirSync(pictures, { recursive: true });
if (!existsSync(join(ROOT, "dashboards/app/dist/wall.js"))) fail("dashboards/app/dist is missing: run `npm run build` in dashboards/app");
const python = engine();
const server = spawn("node", [join(ROOT, "dashboards/app/mock/server.mjs"), "--port", String(PORT)], { stdio: ["ignore", "pipe", "inherit"] });
await new Promise((listens) => server.stdout.once("data", listens));
const faults = await faultsOf({ evaluate: (look, given) => `(${look.toString()})(${JSON.stringify(given)})` });
let failed = 0;
for (const board of BOARDS) {
  const task = { address: `http://127.0.0.1:${PORT}/wall/${board}`, painted: PAINTED, faults, picture: join(pictures, `${board}.png`) };
  const run = spawnSync("xvfb-run", ["-a", "-s", "-screen 0 1920x1080x24", python, join(ROOT, "tests/browser/oldest.py")], {
    input: JSON.stringify(task),
    encoding: "utf8",
    env: { ...process.env, QT_QPA_PLATFORM: "xcb" },
    timeout: LIMIT_MS,
  });
  const wrong = wrongOf(run);
  if (wrong.length > 0) failed += 1;
  console.log(wrong.length > 0 ? `not ok ${board}\n  ${wrong.join("\n  ")}` : `ok ${board}`);
}
server.kill();
console.log(`pictures are in ${pictures}`);
console.log(`${BOARDS.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** What is wrong with a wall, by what the engine said of it. */
function wrongOf({ stdout, stderr }) {
  const line = (stdout || "").trim().split("\n").pop();
  if (!line) return [`the engine ended before it was painted: ${(stderr || "").trim()}`];
  const { faults: found, complaints } = JSON.parse(line);
  return (found || ["its geometry could not be looked at"]).concat(complaints);
}

/** The Python that has the engine. */
function engine() {
  const folder = join(process.env.TABLICA_CACHE || join(homedir(), ".cache/tablica"), "oldest");
  const own = join(folder, "bin/python");
  if (existsSync(own) && call(own, ["-c", "import PyQt5.QtWebEngineWidgets"])) return own;
  const given = option("--python");
  const base = (given ? [given] : PYTHONS).filter((name) => call(name, ["--version"]))[0];
  if (!base) fail(`no ${given || PYTHONS.join(", ")} is here: the engine's package runs on Python 3.5 to 3.7; name one by --python`);
  if (!call(base, ["-m", "venv", folder]) || !call(own, ["-m", "pip", "install", "--quiet", "--no-deps", ...PACKAGES])) {
    fail(`${PACKAGES.join(" and ")} cannot be installed into ${folder}`);
  }
  if (!call(own, ["-c", "import PyQt5.QtWebEngineWidgets"])) fail("the engine does not load: which libraries does `ldd` miss of libQt5WebEngineCore.so.5?");
  return own;
}

function call(program, parameters) {
  return spawnSync(program, parameters, { stdio: "ignore" }).status === 0;
}

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : process.argv[at + 1];
}

function fail(words) {
  console.error(words);
  process.exit(1);
}
