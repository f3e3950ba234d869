// What a wall's page costs, in a real Chromium. `--part rows` prints one line of JSON: bytes, time to the
// first figure, processor time of the tab, time from accepted to painted. `--part heap` prints a line a
// minute: how large the page's memory is.

import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { launch } from "../browser/browser.mjs";

const { values } = parseArgs({
  options: {
    base: { type: "string" },
    board: { type: "string", default: "floor" },
    part: { type: "string" },
    rounds: { type: "string", default: "7" },
    minutes: { type: "string", default: "24" },
    token: { type: "string" },
  },
});
const SIZE = { width: 1920, height: 1080 };
const CPU_SECONDS = 20;
const MESSAGES = 40;
/** A new page has drawn all its tiles and their pages by then. */
const SETTLED_MS = 20_000;
/** In a heap snapshot, what an element is that has left the page. */
const DETACHED = 2;
const wall = `${values.base}/wall/${values.board}`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const browser = await launch();
await (values.part === "heap" ? heap() : rows());
await browser.close();

async function rows() {
  const bytes = await gzippedBytes();
  const first = await firstFigure();
  const { context, page } = await open();
  const cpu = await tabCpu();
  const painted = await acceptedToPainted(page);
  await context.close();
  console.log(JSON.stringify({ bytes, first_ms: median(first), cpu, painted_ms: painted }));
}

async function open() {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  await page.addInitScript(watchFigures);
  await page.goto(wall);
  await page.waitForSelector(".tile");
  return { context, page };
}

/** In the page: notes when the first figure was painted, and when the count of the day was painted anew. */
function watchFigures() {
  window.counts = [];
  let last = "";
  const look = () => {
    const tiles = [...document.querySelectorAll('.tile[data-type="number"]')];
    if (window.firstFigureMs === undefined && tiles.some((tile) => /\d/.test(tile.querySelector(".figure")?.textContent ?? ""))) {
      requestAnimationFrame(() => (window.firstFigureMs = performance.now()));
      window.firstFigureMs = performance.now();
    }
    const text = document.querySelector('.tile[data-tile="offered"] .figure')?.textContent ?? "";
    if (text !== last) {
      last = text;
      requestAnimationFrame(() => window.counts.push([Date.now(), Number(text.replace(/\D/g, ""))]));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, characterData: true, subtree: true });
}

/** Script and style, as a browser is sent them. */
async function gzippedBytes() {
  const page = await (await fetch(wall)).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css)[^"]*)"/g)].map((match) => match[1]);
  let bytes = 0;
  for (const part of parts) {
    const answer = await fetch(new URL(part, wall), { headers: { "accept-encoding": "gzip" } });
    const told = Number(answer.headers.get("content-length"));
    const is_packed = answer.headers.get("content-encoding") === "gzip";
    bytes += is_packed && told > 0 ? told : gzipSync(Buffer.from(await answer.arrayBuffer())).length;
  }
  return bytes;
}

/** Milliseconds from the navigation to the first figure, with a warm cache. */
async function firstFigure() {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  await page.addInitScript(watchFigures);
  const times = [];
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    await page.goto(wall);
    await page.waitForFunction(() => window.firstFigureMs !== undefined);
    await sleep(200);
    // The first one fills the cache.
    if (round > 0) times.push(await page.evaluate(() => window.firstFigureMs));
  }
  await context.close();
  return times;
}

/** Of one core, in the tab and in what paints for it, while the board changes all the time. */
async function tabCpu() {
  const session = await browser.newBrowserCDPSession();
  const spent = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer" || type === "GPU").reduce((sum, it) => sum + it.cpuTime, 0);
  };
  await sleep(3_000);
  const before = await spent();
  await sleep(CPU_SECONDS * 1000);
  return ((await spent()) - before) / CPU_SECONDS;
}

/** Messages one by one, further apart than a tile's shortest time between two paints. */
async function acceptedToPainted(page) {
  const shown = () => page.evaluate(() => window.counts);
  // Whoever else sends has stopped.
  let count = -1;
  while (count !== (count = (await shown()).at(-1)?.[1])) await sleep(2_500);
  const accepted = [];
  for (let number = 1; number <= MESSAGES; number += 1) {
    const id = 2_000_000_000 + number;
    const date = Math.floor(Date.now() / 1000);
    const message = { message_id: id, from: { id, is_bot: false, first_name: "Ada" }, chat: { id, type: "private" }, date, text: "Good morning" };
    const answer = await fetch(`${values.base}/in/telegram`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": values.token },
      body: JSON.stringify({ update_id: id, message }),
    });
    if (answer.status !== 200) throw new Error(`answered with ${answer.status}`);
    accepted.push([Date.now(), count + number]);
    await sleep(1_200 + Math.random() * 500);
  }
  await page.waitForFunction((wanted) => window.counts.at(-1)[1] >= wanted, count + MESSAGES);
  const counts = await shown();
  const lags = accepted.map(([at, wanted]) => counts.find(([, shown]) => shown >= wanted)[0] - at);
  lags.sort((a, b) => a - b);
  return { p50: median(lags), p99: lags[Math.ceil(lags.length * 0.99) - 1] };
}

/** A line a minute of the page's memory; then one of a page that is opened anew before the same board: how
 *  much of the old one's memory is what the board shows now. */
async function heap() {
  const old = await open();
  const end = Date.now() + Number(values.minutes) * 60_000;
  for (let minute = 0; Date.now() < end; minute += 1) {
    await tellHeap(old, { minute, is_new: false });
    await sleep(Math.min(60_000, Math.max(0, end - Date.now())));
  }
  const anew = await open();
  await sleep(SETTLED_MS);
  await tellHeap(old, { minute: Number(values.minutes), is_new: false });
  await tellHeap(anew, { minute: Number(values.minutes), is_new: true });
}

/** What the page itself keeps: objects, texts, elements, and how many of these no longer stand in it. The browser
 *  compiles the page's functions to faster, and larger, code the longer they run; a new page has little of that, and
 *  both keep as much as they like. */
async function kept(session) {
  const chunks = [];
  const take = ({ chunk }) => chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", take);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { snapshot, nodes } = JSON.parse(chunks.join(""));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size, place] = ["type", "self_size", "detachedness"].map((field) => fields.indexOf(field));
  const code = types[type].indexOf("code");
  let [bytes, detached] = [0, 0];
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (nodes[at + type] !== code) bytes += nodes[at + size];
    if (nodes[at + place] === DETACHED) detached += 1;
  }
  return { bytes, detached };
}

/** After what nobody needs was thrown away. */
async function tellHeap({ page, context }, line) {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const { bytes, detached } = await kept(session);
  await session.detach();
  const metric = (name) => metrics.find((it) => it.name === name)?.value ?? 0;
  const counts = { heap_bytes: metric("JSHeapUsedSize"), kept_bytes: bytes, detached, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
  const phase = await page.evaluate(() => document.querySelector("main")?.dataset.phase);
  console.log(JSON.stringify({ ...line, ...counts, phase }));
}
