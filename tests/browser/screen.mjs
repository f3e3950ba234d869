// A television is paired, shows what it is told to, and is shut out.
//
//   node tests/browser/screen.mjs --base http://127.0.0.1:8080 --admin http://127.0.0.1:9464 [--screenshots DIR]
//
// It prints ASK screen …, the arguments of the command, ASK stop and ASK start, and waits for a line after each.

import { parseArgs } from "node:util";
import { eventually } from "./browser.mjs";
import { expect, runAll } from "./runner.mjs";

const LIMIT_MS = 20_000;
const RETURN_LIMIT_MS = 45_000;
const { admin } = parseArgs({ options: { base: { type: "string" }, admin: { type: "string" }, screenshots: { type: "string" } } }).values;

const stateOf = (page) => page.evaluate(() => document.getElementById("screen").getAttribute("data-state"));
const codeOf = (page) =>
  eventually("a code", LIMIT_MS, async () => {
    const code = await page.evaluate(() => document.getElementById("code").textContent);
    return /^[B-Z]{4}-[B-Z]{4}$/.test(code) && code;
  });
/** The board in front, once it is painted. */
const frontOf = (page) =>
  page.evaluate(() => {
    const frame = document.querySelector("#stage .front");
    const main = frame && frame.contentDocument && frame.contentDocument.querySelector("main");
    return main && main.getAttribute("data-phase") === "live" ? frame.title : null;
  });
const inFront = (page, board) => eventually(`${board} in front`, LIMIT_MS, async () => (await frontOf(page)) === board);

/** Opens a screen's page and pairs it. */
async function paired(stage, what, name, before = null) {
  const wall = await stage.open("", { path: "/screen", before });
  const code = await codeOf(wall.page);
  await stage.ask(`screen approve ${code} ${what} --name ${name}`);
  return wall;
}

/** How many colours a picture has, and how large it is. */
const coloursOf = (page, selector) =>
  page.evaluate((found) => {
    const image = document.querySelector(found);
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return { colours: colours.size, width: canvas.width, height: canvas.height };
  }, selector);

await runAll([
  {
    name: "a screen draws its own picture when an admin asks, and it is seen once",
    run: async (stage) => {
      const wall = await paired(stage, "--board floor", "drawn");
      await inFront(wall.page, "floor");
      const operator = await stage.open("", { base: admin, path: "/admin/screens" });
      await operator.page.click('button[aria-label="Take a picture of it drawn"]');
      await operator.page.waitForSelector(".picture img", { timeout: LIMIT_MS });
      await operator.page.waitForFunction(() => document.querySelector(".picture img").naturalWidth > 0);
      const { colours, width, height } = await coloursOf(operator.page, ".picture img");
      expect(width >= 1000 && Math.abs(width / height - 16 / 9) < 0.02, `${width} by ${height}`);
      expect(colours > 30, `a picture of ${colours} colours is blank`);
      await stage.picture(operator.page, "screen-picture");
      const source = await operator.page.getAttribute(".picture img", "src");
      const again = await operator.page.request.get(new URL(source, `${admin}/admin/screens`).href);
      expect(again.status() === 404, `seen twice: ${again.status()}`);
      await operator.close();

      // A browser that keeps a drawn canvas from being read, as those of older televisions do.
      const old = await paired(stage, "--board floor", "older", () => {
        HTMLCanvasElement.prototype.toBlob = () => {
          throw new DOMException("tainted", "SecurityError");
        };
      });
      await inFront(old.page, "floor");
      const told = await stage.open("", { base: admin, path: "/admin/screens" });
      await told.page.click('button[aria-label="Take a picture of it older"]');
      await eventually("the reason", LIMIT_MS, async () => (await told.page.textContent("main")).includes("keeps pages from drawing themselves"));
      await told.close();
      await stage.ask("screen revoke drawn");
      await stage.ask("screen revoke older");
      await wall.close();
      await old.close();
    },
  },
  {
    name: "a screen shows a code, is approved on the admin page, and shows its board",
    run: async (stage) => {
      const wall = await stage.open("", { path: "/screen" });
      const code = await codeOf(wall.page);
      const qr = await wall.page.evaluate(() => document.querySelectorAll("#qr svg").length);
      expect(qr === 1, "there is no code for a phone");
      await stage.picture(wall.page, "screen-code");
      const operator = await stage.open("", { base: admin, path: `/admin/screens?code=${code}` });
      await operator.page.fill("#name", "hall");
      await operator.page.fill("#place", "2nd floor, by the window");
      await operator.page.selectOption("#shows", "board:floor");
      await operator.page.click("form.pair button");
      await operator.page.waitForSelector(".said");
      const said = await operator.page.textContent(".said");
      expect(said.includes("hall") && !(await operator.page.$(".said.bad")), said);
      await inFront(wall.page, "floor");
      const cookies = await wall.context.cookies();
      const own = cookies.find((cookie) => cookie.name === "tablica_screen");
      expect(own && own.httpOnly && own.sameSite === "Strict", "the token's cookie");
      await operator.page.click('button[aria-label="Show its name hall"]');
      await eventually("its name", LIMIT_MS, () => wall.page.isVisible("#identify"));
      await stage.picture(wall.page, "screen-identify");
      await eventually("its board again", LIMIT_MS, async () => !(await wall.page.isVisible("#identify")));
      await operator.page.goto(`${admin}/admin/screens`);
      await stage.picture(operator.page, "screen-admin");
      await operator.page.click("summary");
      await operator.page.click('button[aria-label="Disconnect hall"]');
      await operator.page.waitForSelector(".said");
      await eventually("the code again", LIMIT_MS, async () => (await stateOf(wall.page)) === "code");
      expect((await codeOf(wall.page)) !== code, "a code is used twice");
      expect((await wall.page.$$("iframe")).length === 0, "the board is still there");
      await operator.close();
      await wall.close();
    },
  },
  {
    name: "a screen survives the server's death and its own, and shows what it is moved to",
    run: async (stage) => {
      const wall = await paired(stage, "--board floor", "desk");
      await inFront(wall.page, "floor");
      await stage.ask("stop");
      await stage.ask("start");
      await eventually("the board is live again", RETURN_LIMIT_MS, async () => (await frontOf(wall.page)) === "floor");
      await wall.page.reload();
      await inFront(wall.page, "floor");
      await stage.ask("screen move desk --board promises");
      await inFront(wall.page, "promises");
      await stage.ask("screen revoke desk");
      await codeOf(wall.page);
      await wall.close();
    },
  },
  {
    name: "a playlist turns without a gap, and its watchdog begins a stuck turn again",
    run: async (stage) => {
      const wall = await paired(stage, "--playlist hall", "lobby", () => {
        // A browser that loses its timers while it is told to, on a clock that can be made to run ahead.
        const later = window.setTimeout.bind(window);
        window.lostTimers = 0;
        window.setTimeout = (action, delay) => (window.losesTimers ? (window.lostTimers += 1) : later(action, delay));
        const time = performance.now.bind(performance);
        window.aheadMs = 0;
        performance.now = () => time() + window.aheadMs;
      });
      await inFront(wall.page, "floor");
      await inFront(wall.page, "promises");
      await inFront(wall.page, "floor");
      const gaps = await wall.page.evaluate(
        () =>
          new Promise((done) => {
            let frames = 0;
            let gaps = 0;
            let turns = 0;
            let last = document.querySelector("#stage .front");
            const look = () => {
              const front = document.querySelector("#stage .front");
              frames += 1;
              if (!front) gaps += 1;
              else if (front !== last) {
                turns += 1;
                last = front;
                const main = front.contentDocument.querySelector("main");
                if (!main || main.getAttribute("data-phase") !== "live") gaps += 1;
              }
              if (turns < 2) requestAnimationFrame(look);
              else done({ frames, gaps });
            };
            look();
          }),
      );
      expect(gaps.frames > 10 && gaps.gaps === 0, `${gaps.gaps} of ${gaps.frames} frames without a painted board`);
      await wall.page.evaluate(() => (window.losesTimers = true));
      await eventually("a tick that is lost", LIMIT_MS, () => wall.page.evaluate(() => window.lostTimers > 1));
      const told = wall.page.waitForResponse((response) => response.url().includes("restarted=1"), { timeout: LIMIT_MS });
      await wall.page.evaluate(() => {
        window.losesTimers = false;
        window.aheadMs = 40_000;
      });
      const before = await frontOf(wall.page);
      await inFront(wall.page, before === "floor" ? "promises" : "floor");
      await told;
      await wall.close();
    },
  },
]);
