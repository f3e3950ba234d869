// A lead writes a message, the wall shows it, and it ends.
//
//   node tests/browser/message.mjs --base http://127.0.0.1:8080 --admin http://127.0.0.1:9464 [--screenshots DIR]

import { parseArgs } from "node:util";
import { eventually } from "./browser.mjs";
import { expect, runAll } from "./runner.mjs";

const LIMIT_MS = 20_000;
const { admin } = parseArgs({ options: { base: { type: "string" }, admin: { type: "string" }, screenshots: { type: "string" } } }).values;

const shows = (wall, text) => wall.page.evaluate((it) => document.body.innerText.includes(it), text);

/** Fills in the form and sends it. `until` is a moment of the browser's clock, which is the server's. */
async function write(operator, text, { level, until, board } = {}) {
  await operator.page.goto(`${admin}/admin/messages`);
  await operator.page.fill("[name=text]", text);
  if (level) await operator.page.selectOption("[name=level]", level);
  if (until) await operator.page.fill("[name=until]", until);
  if (board) await operator.page.check(`[name=board][value=${board}]`);
  // A field of a moment takes whole minutes from people; a scenario does not wait that long.
  await operator.page.evaluate(() => (document.querySelector("form.panel").noValidate = true));
  await operator.page.click("form.panel button");
  await operator.page.waitForSelector(".said");
}

/** In the site's zone, which is UTC: as a field of a form takes it. */
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19);

await runAll([
  {
    name: "a message is on its board at once, first when it is important, and on no other",
    run: async (stage) => {
      const team = await stage.open("team");
      const health = await stage.open("health");
      const operator = await stage.open("", { base: admin, path: "/admin/messages" });
      await write(operator, "Pizza at six in the kitchen", { board: "team" });
      await eventually("the message", LIMIT_MS, () => shows(team, "Pizza at six in the kitchen"));
      await write(operator, "Payments are down: apologise first", { level: "important" });
      await eventually("the message on both", LIMIT_MS, async () => (await shows(team, "Payments are down")) && (await shows(health, "Payments are down")));
      expect(!(await shows(health, "Pizza at six")), "it is on a board that it is not for");
      const lines = await team.page.$$eval(".message-text", (found) => found.map((line) => line.textContent));
      expect(lines[0].startsWith("Payments are down"), lines.join(", "));
      await stage.picture(team.page, "message-wall");
      await stage.picture(operator.page, "message-admin");
      await operator.page.click('button[aria-label^="End now: Payments"]');
      await operator.page.waitForSelector(".said");
      await eventually("its end", LIMIT_MS, async () => !(await shows(team, "Payments are down")) && !(await shows(health, "Payments are down")));
      await operator.close();
      await health.close();
      await team.close();
    },
  },
  {
    name: "a message ends by itself",
    run: async (stage) => {
      const team = await stage.open("team");
      const operator = await stage.open("", { base: admin, path: "/admin/messages" });
      await write(operator, "Over in a moment", { until: inSeconds(6) });
      await eventually("the message", LIMIT_MS, () => shows(team, "Over in a moment"));
      await eventually("its end", LIMIT_MS, async () => !(await shows(team, "Over in a moment")));
      await operator.page.goto(`${admin}/admin/messages`);
      const ended = await operator.page.textContent("main");
      expect(ended.includes("Ended") && ended.includes("Over in a moment"), ended);
      await operator.close();
      await team.close();
    },
  },
  {
    name: "what is too long or over already is refused, and says why",
    run: async (stage) => {
      const operator = await stage.open("", { base: admin, path: "/admin/messages" });
      await operator.page.fill("[name=text]", "Yesterday");
      await operator.page.fill("[name=until]", "2020-01-01T09:00");
      await operator.page.click("form.panel button");
      await operator.page.waitForSelector(".wrong");
      const wrong = await operator.page.textContent(".wrong");
      expect(wrong.includes("is before"), wrong);
      await operator.close();
    },
  },
]);
