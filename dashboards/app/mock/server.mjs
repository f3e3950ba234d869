// A stand-in for the server, for work on the look and for the browser tests' own check:
// serves dist/ and speaks the wall's protocol with moving figures.
//
//   node mock/server.mjs [--port 4310]
//   node mock/server.mjs --port 4310 --speed 20     a busier floor
//
// Boards: floor, late, clock, empty, states, many, large, long, planted, marks, ended, alarm, light, high_contrast; most of them also in
// Polish, Russian and Ukrainian, as floor-pl, floor-ru, floor-uk (see variants.mjs). /boards lists them.
// week, lists, lists_none, lists_busy: see lists.mjs; opinion, opinion_none, opinion_busy: see opinion.mjs.

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { Floor } from "./floor.mjs";
import { LISTS } from "./lists.mjs";
import { OPINION } from "./opinion.mjs";
import { VARIANTS } from "./variants.mjs";

const TICK_MS = 250;
const HEARTBEAT_MS = 1_000;
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2" };

const port = Number(option("--port", "4310"));
const speed = Number(option("--speed", "1"));
const epoch = Date.now().toString(36);
const floor = new Floor(Date.now());

/** A board's last frame, and who looks at it. */
class Board {
  constructor({ board, tiles }) {
    this.board = board;
    this.variant = tiles;
    this.seq = 0;
    this.screens = new Set();
    this.sentAt = 0;
    this.tiles = tiles(floor.tiles(Date.now()), Date.now());
  }

  tick(now) {
    const tiles = this.variant(floor.tiles(now), now);
    const changed = Object.keys(tiles).filter((id) => JSON.stringify(tiles[id]) !== JSON.stringify(this.tiles[id]));
    this.tiles = tiles;
    if (changed.length > 0) {
      this.seq += 1;
      const values = Object.fromEntries(changed.map((id) => [id, tiles[id]]));
      this.send({ type: "delta", epoch, seq: this.seq, prev: this.seq - 1, at_ms: now, tiles: values });
    } else if (now - this.sentAt >= HEARTBEAT_MS) {
      this.send({ type: "heartbeat", epoch, seq: this.seq, at_ms: now });
    }
  }

  send(frame) {
    this.sentAt = frame.at_ms;
    const text = JSON.stringify(frame);
    for (const screen of this.screens) screen.send(text);
  }

  join(screen, query) {
    const now = Date.now();
    const isCurrent = query.get("epoch") === epoch && Number(query.get("seq")) === this.seq;
    const frame = isCurrent
      ? { type: "resumed", epoch, seq: this.seq, at_ms: now }
      : { type: "snapshot", epoch, seq: this.seq, at_ms: now, build: ownBuild(), board: this.board, tiles: this.tiles };
    screen.send(JSON.stringify(frame));
    this.screens.add(screen);
    screen.on("close", () => this.screens.delete(screen));
    screen.on("error", () => this.screens.delete(screen));
  }
}

const boards = new Map(Object.entries({ ...VARIANTS, ...LISTS, ...OPINION }).map(([id, variant]) => [id, new Board(variant)]));

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  const [, area, board] = path.split("/");
  if (area === "wall" && board === "sw.js") return file(response, "sw.js");
  if (area === "wall") return file(response, "wall.html", boards.has(board) ? 200 : 404);
  if (area === "boards") return response.writeHead(200, { "content-type": "text/plain" }).end([...boards.keys()].join("\n"));
  if (area === "assets") return file(response, normalize(path.slice("/assets/".length)));
  response.writeHead(404, { "content-type": "text/plain" }).end(`boards: ${[...boards.keys()].join(", ")}\n`);
});

const sockets = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) => {
  const url = new URL(request.url, "http://localhost");
  const board = boards.get(url.pathname.replace("/ws/v1/boards/", ""));
  if (!board) return socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  return sockets.handleUpgrade(request, socket, head, (screen) => board.join(screen, url.searchParams));
});

setInterval(() => {
  const now = Date.now();
  for (let step = 0; step < speed; step += 1) floor.step(now);
  for (const board of boards.values()) board.tick(now);
}, TICK_MS);

server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}/wall/floor`));

function file(response, name, status = 200) {
  const path = join(DIST, name);
  if (!path.startsWith(DIST) || !existsSync(path)) return response.writeHead(404).end();
  response.writeHead(status, { "content-type": TYPES[extname(path)] || "application/octet-stream" });
  return createReadStream(path).pipe(response);
}

function ownBuild() {
  const path = join(DIST, "build.txt");
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}

function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at > 0 && process.argv[at + 1] ? process.argv[at + 1] : otherwise;
}
