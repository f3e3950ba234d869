// The editor of boards in a real browser, on a board that somebody has written with comments.
//
//   node tests/browser/editor.mjs --base http://127.0.0.1:9464 --walls http://127.0.0.1:8080
//     --board own --file …/own.toml [--screenshots DIR]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eventually, launch } from "./browser.mjs";
import { expect, play } from "./runner.mjs";

const axe = readFileSync(createRequire(new URL("../../dashboards/app/package.json", import.meta.url)).resolve("axe-core"), "utf8");
const { values } = parseArgs({
  options: { base: { type: "string" }, walls: { type: "string" }, board: { type: "string" }, file: { type: "string" }, screenshots: { type: "string" } },
});
const { base, walls, board, file, screenshots } = values;
if (screenshots) mkdirSync(screenshots, { recursive: true });
const LIMIT_MS = 15_000;
const original = readFileSync(file, "utf8");
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
const page = await context.newPage();
const errors = [];
page.on("pageerror", (error) => errors.push(error.message));
page.on("console", (message) => {
  // What the server refuses on purpose is a line of the console, too.
  if (message.type() === "error" && !/status of (409|422)/.test(message.text())) errors.push(message.text());
});
const wall = await context.newPage();

async function picture(name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `editor-${name}.png`) });
}

/** What axe-core has against the page as it is now. */
async function clean(name) {
  // By the debugger: the page's policy lets no stranger's script in.
  const session = await context.newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  await session.detach();
  const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
  const told = violations.map((it) => `${it.id}: ${it.help} (${it.nodes.map((node) => node.target.join(" ")).join(", ")})`);
  expect(told.length === 0, `${name}: ${told.join("; ")}`);
}

const saved = () => readFileSync(file, "utf8");
const piece = (id) => page.locator(`[data-piece="${id}"]`);
const said = () => page.textContent("[role=status]");
const seqOf = () => page.evaluate(() => Number(document.querySelector("iframe")?.dataset.painted || 0));

/** Opens the editor and waits until the wall in it is painted. */
async function open() {
  await page.goto(`${base}/admin/boards/${board}`);
  await eventually("the wall in the editor is painted", LIMIT_MS, seqOf);
}

/** Waits until all acts are done and the newest draft is painted. */
async function settled() {
  await eventually("nothing is under way", LIMIT_MS, async () => {
    const before = await seqOf();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return before > 0 && before === (await seqOf());
  });
}

async function placed(id) {
  const label = await piece(id).locator(".grip").getAttribute("aria-label");
  return label.replace(/^.*: /, "");
}

async function comesTo(id, place) {
  await eventually(`${id} is at ${place}`, LIMIT_MS, async () => (await placed(id)) === place);
}

/** Takes a tile by a point of it, in parts of its size, over so many cells. */
async function drag(id, handle, cells) {
  // Waits until it stands still and nothing covers it, then is over its middle.
  await piece(id).locator(handle).hover();
  const room = await page.locator(".cells").boundingBox();
  const box = await piece(id).locator(handle).boundingBox();
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.down();
  // Not straight, and not quite onto a cell: it snaps.
  await page.mouse.move(from.x + 40, from.y + 25, { steps: 3 });
  await page.mouse.move(from.x + ((cells.x + 0.2) * room.width) / 24, from.y + ((cells.y - 0.2) * room.height) / 12, { steps: 6 });
  await page.mouse.up();
}

async function press(id, keys) {
  await piece(id).locator(".grip").focus();
  for (const key of keys) await page.keyboard.press(key);
}

async function tab(name) {
  await page.click(`#tab-${name}`);
}

async function save() {
  await page.click("button.save");
}

const changed = original
  .replace('x = 0        # at the left', 'x = 12        # at the left')
  .replace("h = 4        # of twelve rows", "h = 5        # of twelve rows")
  .replace('kpi = "offered"    # agreed in May', 'kpi = "answered"    # agreed in May');

await play(
  [
    {
      name: "the list has every board with its picture, and axe-core has nothing against it",
      run: async () => {
        await wall.goto(`${walls}/wall/${board}`);
        await page.goto(`${base}/admin/boards`);
        await eventually("the board's card", LIMIT_MS, () => page.locator("main .boards li", { hasText: "The night shift" }).count());
        expect((await page.locator(".boards .thumbnail").count()) > 5, "pictures are missing");
        await clean("the list");
        await picture("list");
      },
    },
    {
      name: "the draft is shown by the wall's own front end with the numbers of now",
      run: async () => {
        await open();
        const frame = page.frames().find((it) => it.url().includes("/admin/wall/"));
        await eventually("its figure", LIMIT_MS, async () => /\d/.test(await frame.locator('[data-tile="offered"]').textContent()));
        await settled();
        await clean("the editor");
        await picture("opened");
      },
    },
    {
      name: "a tile is dragged by the pointer, and resized by keys",
      run: async () => {
        await drag("offered", ".grip", { x: 12, y: 0 });
        await comesTo("offered", "x 12, y 0, 6 × 4");
        await press("offered", ["Shift+ArrowDown"]);
        await comesTo("offered", "x 12, y 0, 6 × 5");
        await press("offered", ["ArrowDown", "ArrowUp"]);
        await comesTo("offered", "x 12, y 0, 6 × 5");
        await drag("offered", ".corner", { x: -1, y: 0.2 });
        await comesTo("offered", "x 12, y 0, 5 × 5");
        await press("offered", ["Shift+ArrowRight"]);
        await comesTo("offered", "x 12, y 0, 6 × 5");
      },
    },
    {
      name: "an overlap is shown and refused with a sentence",
      run: async () => {
        await drag("offered", ".grip", { x: -5, y: 0 });
        await eventually("a sentence", LIMIT_MS, async () => /would overlap waiting/.test(await said()));
        expect((await placed("offered")) === "x 12, y 0, 6 × 5", await placed("offered"));
        await press("offered", ["ArrowUp"]);
        await eventually("a sentence", LIMIT_MS, async () => /no room/.test(await said()));
        await picture("refused");
      },
    },
    {
      name: "a number is chosen from the list",
      run: async () => {
        await piece("offered").locator(".grip").click();
        await page.selectOption('[data-form="offered"] [name=kpi]', "answered");
        await eventually("the draft has it", LIMIT_MS, async () => (await page.inputValue('[data-form="offered"] [name=kpi]')) === "answered");
        await settled();
        const queues = await page.locator('[data-form="offered"] [name=queue] option').allTextContents();
        expect(["messages", "forms"].every((queue) => queues.includes(queue)), `queues: ${queues}`);
        await picture("form");
      },
    },
    {
      name: "a tile of the gallery is added, taken back and brought again",
      run: async () => {
        await tab("add");
        await picture("gallery");
        await page.click('[data-add="gauge"]');
        await eventually("the new tile", LIMIT_MS, () => piece("gauge").count());
        await settled();
        await picture("added");
        await page.keyboard.press("Escape");
        await piece("gauge").locator(".grip").focus();
        await page.keyboard.press("Control+z");
        await eventually("it is gone", LIMIT_MS, async () => (await piece("gauge").count()) === 0);
        await page.click("text=Redo");
        await eventually("it is back", LIMIT_MS, () => piece("gauge").count());
        await page.click("text=Undo");
        await eventually("it is gone again", LIMIT_MS, async () => (await piece("gauge").count()) === 0);
      },
    },
    ...["quiet", "busy", "red", "stale"].map((state) => ({
      name: `the draft is shown with made-up numbers: ${state}`,
      run: async () => {
        await page.selectOption(".show select", state);
        await eventually("it is painted", LIMIT_MS, seqOf);
        const frame = () => page.frames().find((it) => it.url().includes("/admin/wall/"));
        await eventually("its figure", LIMIT_MS, async () => /\d/.test((await frame()?.locator('[data-tile="offered"]').textContent()) || ""));
        await settled();
        await picture(state);
      },
    })),
    {
      name: "without a preview the grid is shown alone",
      run: async () => {
        await page.selectOption(".show select", "off");
        await eventually("no wall", LIMIT_MS, async () => (await page.locator("iframe").count()) === 0);
        await picture("off");
        await page.selectOption(".show select", "live");
        await eventually("the wall", LIMIT_MS, seqOf);
      },
    },
    {
      name: "what is saved has its comments, and all else byte for byte; the wall follows",
      run: async () => {
        await save();
        await eventually("it says so", LIMIT_MS, async () => /Saved/.test(await said()));
        expect(saved() === changed, `the file is:\n${saved()}`);
        const left = () => wall.evaluate(() => document.querySelector('[data-tile="offered"]')?.style.left);
        await eventually("the wall has moved it", LIMIT_MS, async () => (await left()) === "50%");
        await picture("saved");
      },
    },
    {
      name: "an earlier version is shown with its difference and brought back byte for byte",
      run: async () => {
        await page.click("text=Versions");
        await page.waitForURL(/versions$/);
        await page.locator("tbody tr").nth(1).locator("a").click();
        await page.waitForURL(/number=/);
        const difference = await page.textContent(".difference");
        expect(/- kpi = "answered"/.test(difference) && /\+ kpi = "offered"/.test(difference), difference);
        await clean("the versions");
        await picture("versions");
        await page.click("text=Bring this text back");
        await page.waitForURL(/versions$/);
        expect(saved() === original, `the file is:\n${saved()}`);
        expect((await page.locator("tbody tr").count()) === 3, "the versions");
      },
    },
    {
      name: "what somebody else has saved meanwhile is not saved over",
      run: async () => {
        await open();
        await press("clock", ["ArrowDown"]);
        await comesTo("clock", "x 18, y 1, 6 × 4");
        const theirs = original.replace("The night shift", "The day shift");
        writeFileSync(file, theirs);
        await save();
        await eventually("the difference", LIMIT_MS, () => page.locator(".conflict .difference").count());
        const difference = await page.textContent(".conflict .difference");
        expect(/\+ title = "The day shift"/.test(difference), difference);
        expect(saved() === theirs, "it was saved over");
        await clean("the conflict");
        await picture("conflict");
        await page.click("text=Go on from theirs");
        await eventually("theirs", LIMIT_MS, async () => (await page.textContent(".bar h1")).includes("The day shift"));
        await press("clock", ["ArrowDown"]);
        await comesTo("clock", "x 18, y 1, 6 × 4");
        await save();
        await eventually("it says so", LIMIT_MS, async () => /Saved/.test(await said()));
        expect(saved() === theirs.replace("y = 0        # of the clock", "y = 1        # of the clock"), saved());
      },
    },
    {
      name: "a draft with mistakes is told beside the tile and is not saved",
      run: async () => {
        await piece("offered").locator(".grip").click();
        await tab("text");
        const text = await page.inputValue("textarea");
        await page.fill("textarea", text.replace('kpi = "offered"', 'kpi = "ofered"').replace("title =", "titel ="));
        await page.click("text=Take this text");
        await eventually("the reader's sentence", LIMIT_MS, async () => /did you mean `offered`\?/.test(await page.textContent(".remarks")));
        expect(/did you mean `title`\?/.test(await page.textContent(".remarks")), "the board's own key");
        expect(await page.locator("button.save").isDisabled(), "it can be saved");
        await tab("tile");
        expect(/did you mean `offered`/.test(await page.textContent('[data-form="offered"]')), "not beside the tile");
        await clean("mistakes");
        await picture("mistakes");
        await tab("text");
        await page.fill("textarea", "title = ");
        await page.click("text=Take this text");
        await eventually("the grid is empty", LIMIT_MS, async () => (await page.locator(".piece").count()) === 0);
        await page.click("text=Undo");
        await page.click("text=Undo");
        await eventually("all is well", LIMIT_MS, async () => (await page.locator(".remarks").count()) === 0 && (await page.locator(".piece").count()) === 3);
      },
    },
    {
      name: "a new board is made from a template and deleted again",
      run: async () => {
        await page.goto(`${base}/admin/boards`);
        await page.fill("[name=name]", "sales-team");
        await page.selectOption("[name=template]", "starter");
        await page.click("text=Make it and open it");
        await page.waitForURL(/boards\/sales-team$/);
        await eventually("the wall in the editor is painted", LIMIT_MS, seqOf);
        await settled();
        await picture("new");
        await page.goto(`${base}/admin/boards`);
        const card = page.locator(".boards li", { hasText: "sales-team" });
        await eventually("its card", LIMIT_MS, async () => (await page.reload(), card.count()));
        await card.locator("summary").click();
        await card.locator("text=Yes, delete sales-team").click();
        await eventually("it is gone", LIMIT_MS, async () => (await page.reload(), (await card.count()) === 0));
      },
    },
    {
      name: "no script of the page has failed",
      run: async () => expect(errors.length === 0, errors.join("; ")),
    },
  ],
  {},
  browser,
);
