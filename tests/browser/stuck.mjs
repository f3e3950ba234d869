// A television never gets stuck.
//
//   node tests/browser/stuck.mjs --base http://127.0.0.1:8080 [--screenshots DIR]
//
// The site's language is Polish. It prints ASK create BOARD, ASK remove BOARD, ASK spoil BOARD, ASK stop
// and ASK start, and waits for a line after each.

import { eventually, phaseOf } from "./browser.mjs";
import { expect, runAll } from "./runner.mjs";

const PAINT_LIMIT_MS = 15_000;
/** The longest pause between two attempts is 10 s. */
const RETURN_LIMIT_MS = 45_000;
const HOUR_MS = 3_600_000;

const inPhase = (wall, phase, limitMs = PAINT_LIMIT_MS) => eventually(`phase ${phase}`, limitMs, async () => (await phaseOf(wall.page)) === phase);
const tilesOf = (page) => page.evaluate(() => document.querySelectorAll(".tile").length);
const wordsOf = (page) => page.evaluate(() => document.querySelector("main").textContent);

/** The wall's clock in seconds of the day, and what the channels say. */
const readWall = (page) =>
  page.evaluate(() => {
    const digits = document.querySelector(".clock-figure").textContent.replace(/\D/g, "");
    const [hours, minutes, seconds] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
    const channels = Array.from(document.querySelectorAll(".channel-state")).map((state) => state.textContent);
    return { clock: (hours * 60 + minutes) * 60 + seconds, channels };
  });

/** Seconds from one time of day to another, either way round midnight. */
function apart(one, other) {
  const gap = Math.abs(one - other) % 86_400;
  return Math.min(gap, 86_400 - gap);
}

const utcSeconds = () => Math.floor(Date.now() / 1000) % 86_400;

await runAll([
  {
    name: "the page of an unknown board says so, keeps looking and comes alive when the board is made",
    run: async (stage) => {
      const wall = await stage.open("hall");
      await inPhase(wall, "absent");
      const words = await wordsOf(wall.page);
      expect(words.includes("Nie ma tablicy „hall”") && words.includes("floor"), words);
      await stage.picture(wall.page, "absent-unknown");
      const sockets = wall.log.sockets.length;
      await eventually("another attempt", RETURN_LIMIT_MS, () => wall.log.sockets.length > sockets);
      await stage.ask("spoil hall");
      await eventually("what is wrong with the file", RETURN_LIMIT_MS, async () => (await wordsOf(wall.page)).includes("hall.toml"));
      await stage.picture(wall.page, "absent-broken");
      await stage.ask("create hall");
      await inPhase(wall, "live", RETURN_LIMIT_MS);
      expect((await tilesOf(wall.page)) > 3, "the board is not painted");
      await wall.close();
    },
  },
  {
    name: "a board that is deleted while it is shown says so instead of a frozen picture, and comes back with its file",
    run: async (stage) => {
      const wall = await stage.open("hall");
      await inPhase(wall, "live");
      await stage.ask("remove hall");
      await inPhase(wall, "absent", RETURN_LIMIT_MS);
      expect((await tilesOf(wall.page)) === 0, "the old picture is still there");
      const words = await wordsOf(wall.page);
      expect(words.includes("została usunięta"), words);
      await stage.picture(wall.page, "absent-removed");
      await wall.page.reload({ waitUntil: "load" });
      await inPhase(wall, "absent");
      expect((await tilesOf(wall.page)) === 0, "the old picture is back after a reload");
      await stage.ask("create hall");
      await inPhase(wall, "live", RETURN_LIMIT_MS);
      expect((await tilesOf(wall.page)) > 3, "the board is not painted");
      expect(wall.log.errors.filter((error) => !/404|WebSocket/.test(error)).length === 0, wall.log.errors.join("; "));
      await wall.close();
    },
  },
  ...[HOUR_MS, -HOUR_MS].map((jumpMs) => ({
    name: `a TV clock that jumps by ${jumpMs / HOUR_MS} h changes neither the wall's clock nor its ages`,
    run: async (stage) => {
      const wall = await stage.open("floor", {
        before: () => {
          const Real = Date;
          window.jumpedMs = 0;
          window.Date = class extends Real {
            constructor(...given) {
              super(...(given.length > 0 ? given : [Real.now() + window.jumpedMs]));
            }
            static now() {
              return Real.now() + window.jumpedMs;
            }
          };
        },
      });
      await inPhase(wall, "live");
      await eventually("the server's time", PAINT_LIMIT_MS, async () => apart((await readWall(wall.page)).clock, utcSeconds()) <= 1);
      await wall.page.evaluate((ms) => (window.jumpedMs = ms), jumpMs);
      const heard = wall.log.heard.length;
      // Ten frames long, each time that anything is painted.
      await eventually("ten more frames", PAINT_LIMIT_MS, async () => {
        const gap = apart((await readWall(wall.page)).clock, utcSeconds());
        expect(gap <= 2, `the wall's clock is ${gap} s off`);
        expect((await phaseOf(wall.page)) === "live", "the line was given up");
        return wall.log.heard.length >= heard + 10;
      });
      await wall.close();
    },
  })),
  ...[
    ["is missing", () => delete window.Intl],
    [
      "throws at every locale",
      () => {
        for (const name of ["NumberFormat", "DateTimeFormat"]) {
          window.Intl[name] = function () {
            throw new RangeError("Incorrect locale information provided");
          };
        }
      },
    ],
    ["does not know the TV's own language", () => Object.defineProperty(navigator, "language", { value: "xx_TV@posix" })],
  ].map(([what, before], at) => ({
    name: `a browser whose Intl ${what} shows the whole wall`,
    run: async (stage) => {
      const wall = await stage.open("floor", { before });
      await inPhase(wall, "live");
      expect((await tilesOf(wall.page)) > 3, "the board is not painted");
      const broken = await wall.page.evaluate(() => document.querySelector("main").textContent.includes("nie można pokazać"));
      expect(!broken, "a tile is broken");
      expect(wall.log.errors.length === 0, wall.log.errors.join("; "));
      await stage.picture(wall.page, `intl-${at}`);
      await wall.close();
    },
  })),
  {
    name: "an old picture says of nothing that it is live, and no age in it goes on",
    run: async (stage) => {
      const wall = await stage.open("floor");
      await inPhase(wall, "live");
      await stage.ask("stop");
      await inPhase(wall, "stale");
      const before = await readWall(wall.page);
      expect(before.channels.length > 0, "the board has no channels");
      const lies = before.channels.filter((words) => /działa|temu/.test(words));
      expect(lies.length === 0, `an old picture says: ${lies.join("; ")}`);
      await eventually("three more seconds on the clock", PAINT_LIMIT_MS, async () => apart((await readWall(wall.page)).clock, before.clock) >= 3);
      const after = await readWall(wall.page);
      expect(after.channels.join() === before.channels.join(), `${before.channels.join()} became ${after.channels.join()}`);
      await stage.picture(wall.page, "stale-ages");
      await stage.ask("start");
      await inPhase(wall, "live", RETURN_LIMIT_MS);
      await wall.close();
    },
  },
  {
    name: "a page that is opened while the server is down comes alive by itself",
    run: async (stage) => {
      const wall = await stage.open("floor");
      await inPhase(wall, "live");
      await wall.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await stage.ask("stop");
      await inPhase(wall, "stale");
      // Switched off and on: the same browser, a new page.
      await wall.page.close();
      const again = await wall.context.newPage();
      await again.goto(`${stage.base}/wall/floor`, { waitUntil: "load" });
      expect((await tilesOf(again)) > 3, "the last picture is not shown");
      const other = await wall.context.newPage();
      await other.goto(`${stage.base}/wall/written?screen=lobby-3`, { waitUntil: "load" });
      await eventually("a page that waits", PAINT_LIMIT_MS, async () => ["connecting", "stale"].includes(await phaseOf(other)));
      await stage.picture(other, "opened-without-a-server");
      const kept = await again.evaluate(async () => {
        const addresses = [];
        for (const name of await caches.keys()) {
          for (const request of await (await caches.open(name)).keys()) addresses.push(new URL(request.url).pathname);
        }
        return addresses.sort();
      });
      expect(kept.join() === "/assets/wall.css,/assets/wall.html,/assets/wall.js", `kept: ${kept.join()}`);
      const figures = await again.evaluate(() => fetch("../api/v1/kpis").then(() => "answered", () => "failed"));
      expect(figures === "failed", "the API is answered without a server");
      await stage.ask("start");
      for (const page of [again, other]) await inPhase({ page }, "live", RETURN_LIMIT_MS);
      await wall.close();
    },
  },
]);
