// Alarms: a number crosses a line that the board's file draws.
//
//   node tests/browser/alarms.mjs --base http://127.0.0.1:8080 [--screenshots DIR]
//
// The boards `loud` and `quiet` have one number, unanswered contacts, and a rule from two on; that of `quiet`
// is silent all day. `rows` has the same by channel, and who waits. It prints ASK write (somebody new writes), ASK stop and ASK start, and waits for a
// line after each.

import { eventually, phaseOf } from "./browser.mjs";
import { expect, runAll } from "./runner.mjs";

const LIMIT_MS = 15_000;
/** The longest pause between two attempts is 10 s. */
const RETURN_LIMIT_MS = 45_000;

/** Counts sounds instead of making them: each has one way to the loudspeakers. */
function spy() {
  window.sounds = 0;
  class Knob {
    constructor() {
      this.gain = this.frequency = { value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} };
    }
    connect(to) {
      if (to === "loudspeakers") window.sounds += 1;
    }
    disconnect() {}
    start() {}
    stop() {}
  }
  window.AudioContext = class {
    constructor() {
      this.destination = "loudspeakers";
      this.state = "running";
      this.currentTime = 0;
    }
    createGain() {
      return new Knob();
    }
    createOscillator() {
      return new Knob();
    }
    resume() {
      return Promise.resolve();
    }
    suspend() {
      return Promise.resolve();
    }
  };
}

const live = (wall, limitMs = LIMIT_MS) => eventually("a live wall", limitMs, async () => (await phaseOf(wall.page)) === "live");
const soundsOf = (wall) => wall.page.evaluate(() => window.sounds);

/** What stands on the wall's only tile, and around it. */
const look = (wall) =>
  wall.page.evaluate(() => {
    const tile = document.querySelector(".tile .panel");
    const frame = document.querySelector(".alarm-frame");
    return {
      words: tile.textContent,
      isBad: tile.classList.contains("tone-bad"),
      icon: Boolean(tile.querySelector(".badge .shape path")),
      frame: frame ? frame.className : "",
    };
  });

const isAlarmed = async (wall) => {
  const { words, isBad, icon, frame } = await look(wall);
  return isBad && icon && words.includes("all hands") && frame.includes("tone-bad");
};

/** Waits until the server has said so many things more. */
async function framesLater(wall, count) {
  const before = wall.log.heard.length;
  await eventually(`${count} more frames`, LIMIT_MS, () => wall.log.heard.length >= before + count);
}

await runAll([
  {
    name: "a number that crosses its line is told by word, icon and frame, and heard once, also over a reload and an outage",
    run: async (stage) => {
      const loud = await stage.open("loud", { before: spy });
      const quiet = await stage.open("quiet", { before: spy });
      await live(loud);
      await live(quiet);
      await stage.ask("write");
      await eventually("one who waits", LIMIT_MS, async () => (await look(loud)).words.includes("1"));
      await framesLater(loud, 2);
      expect((await look(loud)).frame === "" && (await soundsOf(loud)) === 0, "an alarm before its line is crossed");

      await stage.ask("write");
      await eventually("the alarm", LIMIT_MS, () => isAlarmed(loud));
      await eventually("its sound", LIMIT_MS, async () => (await soundsOf(loud)) === 1);
      expect((await look(loud)).frame.includes("is-new"), "the frame does not pulse");
      await framesLater(loud, 5);
      expect((await soundsOf(loud)) === 1, "it sounds with each frame");
      await stage.picture(loud.page, "alarm");

      await eventually("the silent alarm", LIMIT_MS, () => isAlarmed(quiet));
      await framesLater(quiet, 3);
      expect((await soundsOf(quiet)) === 0, "it sounds in quiet hours");
      await quiet.close();

      await loud.page.reload({ waitUntil: "load" });
      await live(loud);
      await eventually("the alarm after a reload", LIMIT_MS, () => isAlarmed(loud));
      await framesLater(loud, 3);
      expect(!(await look(loud)).frame.includes("is-new") && (await soundsOf(loud)) === 0, "a reload plays it again");

      await stage.ask("stop");
      await eventually("an old picture", RETURN_LIMIT_MS, async () => (await phaseOf(loud.page)) === "stale");
      expect((await look(loud)).frame === "", "an old picture alarms");
      await stage.ask("start");
      await live(loud, RETURN_LIMIT_MS);
      await framesLater(loud, 3);
      expect((await soundsOf(loud)) === 0, "the server's return plays it again");
      await loud.close();
    },
  },
  {
    name: "whoever points at a tile can hear its alarm",
    run: async (stage) => {
      const wall = await stage.open("loud", { before: spy });
      await live(wall);
      await framesLater(wall, 2);
      expect((await soundsOf(wall)) === 0, "a screen that is new here plays what it was hung up with");
      await wall.page.mouse.move(300, 300);
      await wall.page.mouse.move(320, 310);
      const button = wall.page.locator(".sound-test");
      await eventually("the button", LIMIT_MS, () => button.evaluate((it) => getComputedStyle(it).opacity === "1"));
      await stage.picture(wall.page, "alarm-test");
      await button.click();
      await eventually("its sound", LIMIT_MS, async () => (await soundsOf(wall)) === 1);
      await wall.close();
    },
  },
  {
    name: "a row in which a rule holds is marked as a row, with its icon, and named in the tile's head",
    run: async (stage) => {
      const wall = await stage.open("rows", { before: spy });
      await live(wall);
      const tile = (name) =>
        wall.page.evaluate((of) => {
          const panel = document.querySelector(`.tile[data-tile="${of}"] .panel`);
          const rows = Array.from(panel.querySelectorAll(".is-raised"));
          return {
            badge: (panel.querySelector(".badge") || { textContent: "" }).textContent,
            rows: rows.map((row) => ({ tone: row.className, words: row.textContent, icon: Boolean(row.querySelector(".shape path")), ground: getComputedStyle(row).backgroundColor })),
            tone: panel.className,
          };
        }, name);
      const channels = await eventually("the channel's mark", LIMIT_MS, async () => {
        const found = await tile("channels");
        return found.rows.length === 1 && found;
      });
      const [row] = channels.rows;
      expect(row.tone.includes("tone-bad") && row.icon && row.ground !== "rgba(0, 0, 0, 0)", `no mark: ${JSON.stringify(row)}`);
      expect(channels.badge.endsWith(": all hands") && channels.tone.includes("tone-bad"), `the head says "${channels.badge}"`);
      const waiting = await tile("waiting");
      expect(waiting.rows.length >= 2 && waiting.rows.every((one) => one.tone.includes("tone-warn") && one.icon), JSON.stringify(waiting));
      expect(waiting.badge.endsWith("answer now"), `the head says "${waiting.badge}"`);
      expect((await look(wall)).frame.includes("tone-bad") && (await soundsOf(wall)) === 0, "its frame");
      await stage.picture(wall.page, "alarm-rows");
      await wall.close();
    },
  },
  {
    name: "a browser that holds sound back says so until somebody clicks",
    run: async (stage) => {
      const wall = await stage.open("loud");
      await live(wall);
      const strip = () => wall.page.evaluate(() => (document.querySelector(".banner") || { textContent: "" }).textContent);
      await eventually("the strip", LIMIT_MS, async () => (await strip()).includes("until somebody clicks"));
      await stage.picture(wall.page, "alarm-silent");
      await wall.page.mouse.click(1_500, 900);
      await eventually("no strip", LIMIT_MS, async () => (await strip()) === "");
      expect(wall.log.errors.length === 0, wall.log.errors.join("; "));
      await wall.close();
    },
  },
]);
