// What a wall must do, each as one scenario: a name and a function that throws what is wrong.
// They run against a server that is up and has traffic.

import { eventually, phaseOf, textsOf } from "./browser.mjs";
import { faultsOf } from "./layout.mjs";
import { becomeOld } from "./old-browser.mjs";

const PAINT_LIMIT_MS = 30_000;
const MOVE_LIMIT_MS = 30_000;
const STALE_LIMIT_MS = 5_000;
const STALE_SLACK_MS = 500; // what the test's own polling takes
const RETURN_LIMIT_MS = 45_000;
const CALM_SPAN_MS = 6_000;
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
  { width: 3840, height: 2160 },
  { width: 1080, height: 1920 },
];

/** How a board looks: for each shipped one. */
export const looks = [
  {
    name: "the page paints the board",
    run: async (stage) => {
      await live(stage.wall);
      const drawn = await stage.wall.page.evaluate(() => document.querySelectorAll(".tile .panel").length);
      const board = stage.wall.log.heard.find((frame) => frame.type === "snapshot").board;
      expect(drawn === board.tiles.length, `${drawn} tiles are painted, the board has ${board.tiles.length}`);
    },
  },
  ...SIZES.map((size) => ({
    name: `at ${size.width}×${size.height} everything fits and fills the screen`,
    run: async (stage) => {
      const { page } = stage.wall;
      await page.setViewportSize(size);
      await page.evaluate(() => document.fonts.ready);
      // Two frames: one for the new size, one for what follows from it.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const faults = await faultsOf(page);
      await stage.picture(page, `${stage.board}-${size.width}x${size.height}`);
      await page.setViewportSize(SIZES[0]);
      expect(faults.length === 0, faults.join("; "));
    },
  })),
  {
    name: "no tile is empty",
    run: async (stage) => {
      let empty = await stage.wall.page.evaluate(() =>
        Array.from(document.querySelectorAll(".tile"))
          .filter((tile) => tile.querySelector(".panel.state-no_data, .panel.state-not_applicable"))
          .map((tile) => tile.dataset.tile),
      );
      // Where no open promise is in time any more, none breaks next: a busy machine's traffic comes to that.
      empty = empty.filter((tile) => tile !== "next_breach");
      expect(empty.length === 0, `nothing to see in ${empty.join(", ")}`);
    },
  },
];

export const scenarios = [
  ...looks,
  {
    name: "the bundled fonts are used",
    run: async (stage) => {
      const families = await stage.wall.page.evaluate(() => {
        const loaded = [];
        document.fonts.forEach((font) => font.status === "loaded" && loaded.push(`${font.family} ${font.weight}`));
        return loaded;
      });
      expect(families.some((name) => /Inter/.test(name)), `loaded: ${families.join(", ") || "none"}`);
    },
  },
  {
    name: "numbers move",
    run: async (stage) => {
      const before = await textsOf(stage.wall.page);
      await eventually("another text in some tile", MOVE_LIMIT_MS, async () => {
        const now = await textsOf(stage.wall.page);
        return Object.keys(now).some((id) => now[id] !== before[id]);
      });
    },
  },
  {
    name: "what is painted is acknowledged",
    run: async ({ wall }) => {
      const newest = wall.log.heard[wall.log.heard.length - 1];
      const painted = await eventually("an acknowledgement of the newest change", PAINT_LIMIT_MS, () =>
        wall.log.said.find((frame) => frame.type === "painted" && frame.epoch === newest.epoch && frame.seq >= newest.seq),
      );
      expect(painted.seq <= wall.log.heard[wall.log.heard.length - 1].seq, "a change is acknowledged that was never sent");
    },
  },
  {
    name: "a tile is repainted at most once a second",
    run: async ({ wall }) => {
      const most = await wall.page.evaluate(
        (spanMs) =>
          new Promise((done) => {
            const counts = {};
            const watchers = Array.from(document.querySelectorAll('.tile[data-type="number"], .tile[data-type="gauge"]')).map((tile) => {
              counts[tile.dataset.tile] = 0;
              const watcher = new MutationObserver(() => (counts[tile.dataset.tile] += 1));
              watcher.observe(tile, { childList: true, characterData: true, subtree: true });
              return watcher;
            });
            setTimeout(() => {
              for (const watcher of watchers) watcher.disconnect();
              done(counts);
            }, spanMs);
          }),
        CALM_SPAN_MS,
      );
      const limit = CALM_SPAN_MS / 1_000 + 1;
      const restless = Object.keys(most).filter((id) => most[id] > limit);
      expect(restless.length === 0, `more than ${limit} repaints in ${CALM_SPAN_MS} ms: ${restless.join(", ")}`);
    },
  },
  {
    name: "an old browser paints it too",
    run: async (stage) => {
      const wall = await stage.open({ before: becomeOld });
      await live(wall);
      const isOld = await wall.page.evaluate(() => !("entries" in Object) && !("ResizeObserver" in window));
      expect(isOld, "the browser was not made old");
      const unknown = await wall.page.evaluate(() => document.querySelectorAll(".absent").length + document.querySelectorAll(".figure").length);
      expect(unknown > 0, "no figure is painted");
      expect(wall.log.errors.length === 0, wall.log.errors.join("; "));
      await stage.picture(wall.page, `${stage.board}-old-browser`);
      await wall.close();
    },
  },
  {
    name: "a reload without a server shows the last picture at once",
    run: async (stage) => {
      const wall = await stage.open({});
      await live(wall);
      const before = await textsOf(wall.page);
      // Sockets that never open, as behind a dead switch.
      await wall.page.addInitScript(() => {
        window.WebSocket = function () {
          this.close = () => {};
        };
      });
      await wall.page.reload({ waitUntil: "load" });
      const after = await textsOf(wall.page);
      expect(Object.keys(after).length === Object.keys(before).length, "tiles are missing after the reload");
      expect(await isStale(wall.page), "the old picture is not marked");
      await stage.picture(wall.page, `${stage.board}-remembered`);
      await wall.close();
    },
  },
  {
    name: "a page of an older build reloads itself, once",
    run: async (stage) => {
      const wall = await stage.open({
        before: () => {
          const loads = Number(sessionStorage.getItem("loads") || 0) + 1;
          sessionStorage.setItem("loads", String(loads));
          if (loads > 1) return;
          document.addEventListener("DOMContentLoaded", () => document.documentElement.setAttribute("data-build", "older"));
        },
      });
      const loadsOf = () => wall.page.evaluate(() => Number(sessionStorage.getItem("loads"))).catch(() => 0);
      await eventually("the page of the new build", PAINT_LIMIT_MS, async () => (await loadsOf()) > 1);
      await live(wall);
      // The next snapshot of the same server must not lead to another reload.
      const heard = wall.log.heard.length;
      await eventually("more frames", PAINT_LIMIT_MS, () => wall.log.heard.length > heard + 2);
      const loads = await loadsOf();
      expect(loads === 2, `the page was loaded ${loads} times`);
      await wall.close();
    },
  },
  {
    name: "no error in the console, nothing refused, nothing asked of strangers",
    run: async ({ wall }) => {
      expect(wall.log.errors.length === 0, wall.log.errors.join("; "));
      expect(wall.log.refused.length === 0, wall.log.refused.join("; "));
      expect(wall.log.strangers.length === 0, wall.log.strangers.join("; "));
    },
  },
];

/** Needs somebody who posts and removes an annotation, as an operator would. */
export const annotations = [
  {
    name: "an annotation is on the line when it is posted, and gone when it is removed",
    run: async (stage) => {
      const { page, log } = stage.wall;
      await live(stage.wall);
      await eventually("a line", PAINT_LIMIT_MS, () => page.evaluate(() => document.querySelector(".trend-chart canvas") !== null));
      const [heard, sockets] = [log.heard.length, log.sockets.length];
      await stage.ask("READY-FOR-ANNOTATION");
      const shown = await eventually("the annotation", PAINT_LIMIT_MS, () => page.evaluate(annotationOf));
      expect(shown.text === "Black Friday", `the wall says "${shown.text}"`);
      expect(shown.kind.includes("kind-campaign"), `it is shown as ${shown.kind}`);
      expect(shown.stem > 50, `its stem is ${shown.stem} px high`);
      expect(shown.inside, "it stands beside the lines");
      expect(shown.underLines, "it lies over the lines");
      const faults = await faultsOf(page);
      await stage.picture(page, `${stage.board}-annotation`);
      expect(faults.length === 0, faults.join("; "));
      await stage.ask("READY-FOR-REMOVAL");
      await eventually("the line without it", PAINT_LIMIT_MS, async () => !(await page.evaluate(annotationOf)));
      expect(log.sockets.slice(sockets).every((url) => url.includes("seq=")), "the page could not go on from its picture");
      const needless = log.heard.slice(heard).some((frame, index) => isNeedlessSnapshot(log.heard[heard + index - 1], frame));
      expect(!needless, "the page needed a new snapshot for it");
    },
  },
];

/**
 * True for a snapshot in the place of a delta. A page that was too slow for a state gets a
 * snapshot of a later one, which says nothing about the states' contents.
 */
function isNeedlessSnapshot(before, frame) {
  return frame.type === "snapshot" && frame.socket === before.socket && frame.seq === before.seq + 1;
}

/** Runs in the page. */
function annotationOf() {
  const mark = document.querySelector(".trend-mark");
  if (!mark) return null;
  const chart = document.querySelector(".trend-chart");
  const stem = mark.querySelector(".trend-mark-stem");
  const lines = chart.querySelector(".u-over").getBoundingClientRect();
  return {
    text: mark.querySelector(".trend-mark-words").textContent,
    kind: mark.className,
    stem: stem.getBoundingClientRect().height,
    inside: stem.getBoundingClientRect().left >= lines.left && stem.getBoundingClientRect().right <= lines.right + 1,
    underLines: Number(getComputedStyle(chart).zIndex) > 0 && getComputedStyle(mark.parentElement).zIndex === "auto",
  };
}

/** Needs somebody who stops and starts the server: `stage.ask` says when and waits for it. */
export const outage = [
  {
    name: "when the server dies the wall says so within 5 s and keeps the last picture",
    run: async (stage) => {
      const { page, log } = stage.wall;
      await live(stage.wall);
      const whole = await textsOf(page);
      await stage.ask("READY-FOR-STOP");
      await eventually("the banner", STALE_LIMIT_MS + STALE_SLACK_MS, () => isStale(page));
      const before = await textsOf(page);
      const lost = Object.keys(whole).filter((id) => !before[id]);
      expect(lost.length === 0, `empty tiles: ${lost.join(", ")}`);
      const sockets = log.sockets.length;
      await eventually("an attempt to come back", RETURN_LIMIT_MS, () => log.sockets.length > sockets);
      const after = await textsOf(page);
      const changed = Object.keys(before).filter((id) => before[id] !== after[id]);
      expect(changed.length === 0, `changed without a server: ${changed.join(", ")}`);
      const faults = await faultsOf(page);
      await stage.picture(page, `${stage.board}-stale`);
      const fatal = faults.filter((fault) => !/of the screen is used/.test(fault)); // the banner takes its part
      expect(fatal.length === 0, fatal.join("; "));
    },
  },
  {
    name: "when the server is back the wall is live again by itself",
    run: async (stage) => {
      const { page, log } = stage.wall;
      // From here on nothing of the old server is said any more. A calm wall may change nothing for a while
      // after its first picture, so that one's acknowledgement is the one to wait for.
      const said = log.said.length;
      await stage.ask("READY-FOR-START");
      const heard = log.heard.length;
      await eventually("live", RETURN_LIMIT_MS, async () => (await phaseOf(page)) === "live");
      expect(!(await isStale(page)), "the banner is still there");
      await eventually("an acknowledgement", PAINT_LIMIT_MS, () => log.said.slice(said).some((frame) => frame.type === "painted"));
      expect(log.heard.length > heard, "nothing was heard");
      await stage.picture(page, `${stage.board}-live-again`);
    },
  },
];

async function live(wall) {
  await eventually("a live picture", PAINT_LIMIT_MS, async () => (await phaseOf(wall.page)) === "live");
  await eventually("a snapshot", PAINT_LIMIT_MS, () => wall.log.heard.some((frame) => frame.type === "snapshot" || frame.type === "resumed"));
  await wall.page.evaluate(() => document.fonts.ready);
}

async function isStale(page) {
  return page.evaluate(() => document.querySelector("main.is-stale .banner") !== null);
}

function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
