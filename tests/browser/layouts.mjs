// Measures boards in each size of screen: nothing may be cut, stand out, overlap or be too small.
//
//   node tests/browser/layouts.mjs --base http://127.0.0.1:4310 --boards floor,floor-ru [--planted planted] [--screenshots DIR]
//
// The board `planted` has a fault on purpose: the script fails when it finds none there.
// Ends with the line 'N passed, N failed' and a code other than 0 when something failed.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually, launch, openWall, phaseOf } from "./browser.mjs";
import { faultsOf } from "./layout.mjs";

export const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
  { width: 1366, height: 768 },
  { width: 1080, height: 1920 },
];
const PAINT_LIMIT_MS = 20_000;

const options = { base: "", boards: "", planted: "", screenshots: "" };
for (let words = process.argv.slice(2); words.length > 0; ) {
  const name = words.shift().replace(/^--/, "");
  if (!(name in options)) stop(`unknown option --${name}`);
  options[name] = words.shift() || stop(`--${name} needs a value`);
}
if (!options.base || !options.boards) stop("--base and --boards are needed");
if (options.screenshots) mkdirSync(options.screenshots, { recursive: true });

const browser = await launch();
let passed = 0;
let failed = 0;
for (const board of options.boards.split(",")) {
  const isPlanted = board === options.planted;
  const wall = await openWall(browser, { base: options.base, board, size: SIZES[0] });
  await eventually(`board ${board}`, PAINT_LIMIT_MS, async () => (await phaseOf(wall.page)) === "live");
  // The planted fault is one of a lying screen.
  for (const size of isPlanted ? SIZES.slice(0, 1) : SIZES) {
    const name = `${board}-${size.width}x${size.height}`;
    await wall.page.setViewportSize(size);
    await wall.page.evaluate(() => document.fonts.ready);
    // Two frames: one for the new size, one for what follows from it.
    await wall.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const faults = await faultsOf(wall.page);
    if (options.screenshots) await wall.page.screenshot({ path: join(options.screenshots, `${name}.png`) });
    const isRight = isPlanted ? faults.length > 0 : faults.length === 0;
    if (isRight) passed += 1;
    else failed += 1;
    if (!isRight) console.log(`FAILED  ${name}\n        ${faults.join("\n        ") || "the planted fault was not found"}`);
  }
  await wall.close();
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function stop(message) {
  console.error(message);
  process.exit(2);
}
