// The wall in a real browser, against a running server.
//
//   node tests/browser/wall.mjs --base http://127.0.0.1:8080 [--board floor] [--screenshots DIR] [--outage] [--looks]
//
// With --looks only how the board looks is checked. With --outage the script also prints
// READY-FOR-ANNOTATION and waits for a line on standard input (a campaign "Black Friday" has been
// posted), then READY-FOR-REMOVAL and waits again (it is removed), and goes through a server's death and return: it prints the line
// READY-FOR-STOP and waits for a line on standard input (the server is stopped now), then
// READY-FOR-START and waits again (the server is being started on the same address).
// Ends with the line 'N passed, N failed' and a code other than 0 when something failed.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { launch, openWall } from "./browser.mjs";
import { play } from "./runner.mjs";
import { annotations, looks, outage, scenarios } from "./scenarios.mjs";

const options = readOptions(process.argv.slice(2));
const answers = options.outage ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : null;

const browser = await launch();
const open = (more) => openWall(browser, { base: options.base, board: options.board, ...more });
const stage = {
  board: options.board,
  wall: await open({}),
  open,
  picture: async (page, name) => {
    if (options.screenshots) await page.screenshot({ path: join(options.screenshots, `${name}.png`) });
  },
  ask: async (line) => {
    console.log(line);
    const answer = await answers.next();
    if (answer.done) throw new Error(`standard input ended instead of an answer to ${line}`);
  },
};

const chosen = options.looks ? looks : options.outage ? [...scenarios, ...annotations, ...outage] : scenarios;
await play(chosen, stage, browser);

function readOptions(words) {
  const options = { base: "", board: "floor", screenshots: "", outage: false, looks: false };
  while (words.length > 0) {
    const name = words.shift().replace(/^--/, "");
    if (!(name in options)) stop(`unknown option --${name}`);
    options[name] = typeof options[name] === "boolean" ? true : words.shift() || stop(`--${name} needs a value`);
  }
  if (!options.base) stop("--base is missing, such as http://127.0.0.1:8080");
  options.base = options.base.replace(/\/$/, "");
  if (options.screenshots) mkdirSync(options.screenshots, { recursive: true });
  return options;
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
