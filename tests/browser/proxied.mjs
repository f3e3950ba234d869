// Walls below a path of a proxy.
//
//   node tests/browser/proxied.mjs --base http://127.0.0.1:8443/tablica [--screenshots DIR]
//
// It prints ASK stop and ASK start, and waits for a line after each.

import { eventually, phaseOf } from "./browser.mjs";
import { expect, runAll } from "./runner.mjs";

const PAINT_LIMIT_MS = 15_000;
const RETURN_LIMIT_MS = 60_000;

const live = (page, limitMs = PAINT_LIMIT_MS) => eventually("a live wall", limitMs, async () => (await phaseOf(page).catch(() => null)) === "live");

await runAll([
  {
    name: "page, script, style, fonts, worker and socket are all below the path",
    run: async (stage) => {
      const path = new URL(stage.base).pathname;
      const asked = [];
      const wall = await stage.open("floor", { before: () => undefined });
      wall.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await wall.page.reload({ waitUntil: "load" });
      await live(wall.page);
      await wall.page.evaluate(() => document.fonts.ready);
      const fonts = await wall.page.evaluate(() => Array.from(document.fonts).filter((font) => font.status === "loaded").length);
      expect(fonts > 0, "no font was loaded");
      const worker = await wall.page.evaluate(() => navigator.serviceWorker.ready.then((it) => it.scope));
      expect(worker === `${stage.base}/wall/`, `the worker is at ${worker}`);
      const outside = asked.filter((it) => !it.startsWith(`${path}/`));
      expect(asked.length > 3 && outside.length === 0, `asked for ${outside.join(", ")} of ${asked.length}`);
      const sockets = wall.log.sockets.filter((it) => !new URL(it).pathname.startsWith(`${path}/ws/`));
      expect(wall.log.sockets.length > 0 && sockets.length === 0, sockets.join(", "));
      expect(wall.log.refused.length === 0, wall.log.refused.join("; "));
      expect(wall.log.errors.length === 0, wall.log.errors.join("; "));
      await stage.picture(wall.page, "proxied");
      await wall.close();
    },
  },
  {
    name: "a page that is opened while the server is down is the proxy's, and becomes the wall by itself",
    run: async (stage) => {
      await stage.ask("stop");
      const wall = await stage.open("floor");
      const words = await wall.page.evaluate(() => document.body.textContent);
      expect(words.includes("This screen keeps looking") && words.includes("Ten ekran sprawdza dalej"), words);
      await stage.picture(wall.page, "proxied-without-a-server");
      await stage.ask("start");
      await live(wall.page, RETURN_LIMIT_MS);
      await wall.close();
    },
  },
]);
