// A report as a letter, as a mail program's window shows it.
//
//   node letter.mjs --screenshots DIR FILE.html…
//
// Each file loads nothing and runs nothing, and nothing of it sticks out sideways at 900 pixels. Pictures go
// to the folder.

import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const { values, positionals } = parseArgs({ options: { screenshots: { type: "string" } }, allowPositionals: true });
mkdirSync(values.screenshots, { recursive: true });

/** What sticks out of the window to the right. */
const sticksOut = () =>
  [...document.querySelectorAll("body *")]
    .filter((box) => box.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((box) => `${box.tagName} ${box.textContent.slice(0, 40)}`);

const browser = await launch();
const mistakes = [];
for (const file of positionals) {
  const name = basename(file, ".html");
  const context = await browser.newContext({ viewport: { width: 900, height: 1200 }, javaScriptEnabled: true });
  const page = await context.newPage();
  page.on("request", (request) => request.url().startsWith("file:") || mistakes.push(`${name} loads ${request.url()}`));
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.screenshot({ path: join(values.screenshots, `${name}.png`), fullPage: true });
  mistakes.push(...(await page.evaluate(sticksOut)).map((box) => `${name}: ${box}`));
  const styles = await page.evaluate(() => document.querySelectorAll("style, link, script, img").length);
  if (styles > 0) mistakes.push(`${name}: has ${styles} elements that mail programs drop`);
  await context.close();
}
await browser.close();
console.log(mistakes.join("\n"));
process.exit(mistakes.length > 0 ? 1 : 0);
