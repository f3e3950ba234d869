// A report as people get it: on a screen, and on paper.
//
//   node report.mjs --screenshots DIR --pages-max N FILE.html…
//
// Each file loads nothing, nothing of it sticks out sideways, and it prints on so many A4 pages.
// Pictures of screen and paper go to the folder.

import { mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const { values, positionals } = parseArgs({
  options: { screenshots: { type: "string" }, "pages-max": { type: "string" } },
  allowPositionals: true,
});
mkdirSync(values.screenshots, { recursive: true });

/** What sticks out of the page, or of its own box, to the right; what is cut on purpose does not. */
const sticksOut = () =>
  [...document.querySelectorAll("body *")]
    .filter((box) => box.getBoundingClientRect().right > document.documentElement.clientWidth + 1 || box.scrollWidth > box.clientWidth + 1)
    .filter((box) => box.clientWidth > 0 && getComputedStyle(box).overflow !== "hidden")
    .map((box) => `${box.tagName}.${box.className} ${box.textContent.slice(0, 40)}`);

const browser = await launch();
const mistakes = [];
for (const file of positionals) {
  const name = basename(file, ".html");
  const picture = (kind) => join(values.screenshots, `report-${name}${kind}`);
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.on("console", (message) => message.type() === "error" && mistakes.push(`${name}: ${message.text()}`));
  page.on("request", (request) => request.url().startsWith("file:") || mistakes.push(`${name} loads ${request.url()}`));
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.screenshot({ path: picture(".png"), fullPage: true });
  mistakes.push(...(await page.evaluate(sticksOut)).map((box) => `${name} on a screen: ${box}`));
  await page.pdf({ path: picture(".pdf"), preferCSSPageSize: true, printBackground: true });
  const pages = readFileSync(picture(".pdf"), "latin1").match(/\/Type\s*\/Page\b/g).length;
  if (pages > Number(values["pages-max"])) mistakes.push(`${name} prints on ${pages} pages`);
  // As wide as A4 between its margins.
  await page.setViewportSize({ width: 703, height: 1032 });
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: picture("-paper.png"), fullPage: true });
  mistakes.push(...(await page.evaluate(sticksOut)).map((box) => `${name} on paper: ${box}`));
  await page.close();
  console.log(`${name}: ${pages} pages`);
}
await browser.close();
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;
