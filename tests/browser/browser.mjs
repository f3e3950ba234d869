// Chromium for the wall's tests: one page with everything written down that a scenario may ask
// for later (console errors, requests, frames of the WebSocket in both directions).

import { existsSync } from "node:fs";
import { createRequire } from "node:module";

// The browser's driver is a development dependency of the front end.
const { chromium } = createRequire(new URL("../../dashboards/app/package.json", import.meta.url))("playwright-core");

const EXECUTABLE = process.env.TABLICA_CHROMIUM || "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is missing: install Debian's package chromium or set TABLICA_CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** Opens the wall in a browser profile of its own; `before` runs in the page ahead of its scripts. */
export async function openWall(browser, { base, board, path = `/wall/${encodeURIComponent(board)}`, size = { width: 1920, height: 1080 }, before = null }) {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  const log = { errors: [], strangers: [], refused: [], heard: [], said: [], sockets: [] };
  page.on("console", (message) => {
    if (message.type() === "error") log.errors.push(message.text());
  });
  page.on("pageerror", (error) => log.errors.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.host !== new URL(base).host) log.strangers.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) log.refused.push(`${response.status()} ${response.url()}`);
  });
  page.on("websocket", (socket) => {
    const number = log.sockets.push(socket.url());
    socket.on("framereceived", ({ payload }) => log.heard.push({ ...JSON.parse(payload), socket: number }));
    socket.on("framesent", ({ payload }) => log.said.push(JSON.parse(payload)));
  });
  if (before) await page.addInitScript(before);
  await page.goto(`${base}${path}`, { waitUntil: "load" });
  return { page, context, log, close: () => context.close() };
}

/** Waits until the check answers something true; the last answer is part of the failure. */
export async function eventually(what, limitMs, check) {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() >= end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function phaseOf(page) {
  return page.evaluate(() => document.querySelector("main")?.getAttribute("data-phase"));
}

/** What each tile says, the ones that run by themselves left out. */
export async function textsOf(page) {
  return page.evaluate(() => {
    const texts = {};
    for (const tile of document.querySelectorAll(".tile")) {
      if (["clock", "channel_strip", "countdown"].includes(tile.dataset.type)) continue;
      texts[tile.dataset.tile] = tile.textContent;
    }
    return texts;
  });
}
