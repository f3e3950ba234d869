// Administration in a real browser: everything works without script, and axe-core finds nothing.
//
//   node tests/browser/admin.mjs --base http://127.0.0.1:9464 --link http://127.0.0.1:9464/set-up/… [--screenshots DIR]

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { expect, play } from "./runner.mjs";

const axe = readFileSync(createRequire(new URL("../../dashboards/app/package.json", import.meta.url)).resolve("axe-core"), "utf8");
const { values } = parseArgs({ options: { base: { type: "string" }, link: { type: "string" }, screenshots: { type: "string" } } });
const { base, link, screenshots } = values;
if (screenshots) mkdirSync(screenshots, { recursive: true });
const browser = await launch();
const size = { width: 1920, height: 1080 };
const password = "a password of scenarios";
// People without script, and one page with it for what measures.
const plain = await browser.newContext({ viewport: size, javaScriptEnabled: false });
const page = await plain.newPage();

/** What axe-core has against the page that is open. */
async function faults(opened, name) {
  const measured = await browser.newContext({ viewport: size });
  await measured.addCookies(await plain.cookies());
  const other = await measured.newPage();
  await other.goto(opened, { waitUntil: "load" });
  await other.evaluate(axe);
  const { violations } = await other.evaluate(() => window.axe.run(document));
  if (screenshots) await other.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  await measured.close();
  return violations.map((it) => `${it.id}: ${it.help} (${it.nodes.map((node) => node.target.join(" ")).join(", ")})`);
}

async function clean(path, name) {
  const found = await faults(`${base}${path}`, name);
  expect(found.length === 0, found.join("; "));
}

async function tokenIs(pattern) {
  const text = await page.textContent("main");
  expect(pattern.test(text), `the page says: ${text}`);
}

await play(
  [
    {
      name: "the set-up link makes an admin",
      run: async () => {
        const found = await faults(link, "admin-set-up");
        expect(found.length === 0, found.join("; "));
        await page.goto(link);
        await page.fill("[name=name]", "Anna");
        await page.fill("[name=password]", "short");
        await page.click("button[type=submit]");
        await tokenIs(/At least 10 characters/);
        await page.fill("[name=name]", "Anna");
        await page.fill("[name=password]", password);
        await page.click("button[type=submit]");
        expect(page.url() === `${base}/admin`, page.url());
      },
    },
    {
      name: "log out, a wrong password, log in",
      run: async () => {
        await page.click("text=Log out");
        await page.waitForURL(`${base}/login`);
        await clean("/login", "admin-login");
        await page.goto(`${base}/admin/people`);
        expect(page.url().startsWith(`${base}/login?next=`), page.url());
        await page.fill("[name=name]", "anna");
        await page.fill("[name=password]", "not the password");
        await page.click("button[type=submit]");
        await tokenIs(/name or the password is wrong/);
        await page.fill("[name=name]", "anna");
        await page.fill("[name=password]", password);
        await page.click("button[type=submit]");
        expect(page.url() === `${base}/admin/people`, page.url());
      },
    },
    {
      name: "a person, a role, a token",
      run: async () => {
        const form = page.locator("form[action$='admin/people']");
        await form.locator("[name=name]").fill("Olena Kowalska");
        await form.locator("[name=password]").fill(password);
        await form.locator("[name=role]").selectOption("lead");
        await form.locator("button").click();
        expect((await page.textContent("tbody")).includes("olena kowalska"), "she is not in the list");
        await page.locator("tr", { hasText: "anna" }).locator("text=Remove").click();
        await tokenIs(/last admin/);
        const tokens = page.locator("form[action$='admin/tokens']");
        await tokens.locator("[name=name]").fill("grafana");
        await tokens.locator("button").click();
        await tokenIs(/Copy it now/);
        const token = await page.textContent(".news pre");
        expect(/^[A-Za-z0-9_-]{43}$/.test(token), token);
        await page.goto(`${base}/admin/people`);
        expect(!(await page.content()).includes(token), "it is shown again");
      },
    },
    {
      name: "an annotation",
      run: async () => {
        await page.goto(`${base}/admin/annotations`);
        await page.fill("[name=title]", "Black Friday");
        await page.fill("[name=from]", "2026-11-27T09:00");
        await page.click("form.row button");
        expect(page.url() === `${base}/admin/annotations`, page.url());
        expect((await page.textContent("tbody")).includes("Black Friday"), "it is not in the list");
      },
    },
    ...["", "/channels", "/alerts", "/annotations", "/messages", "/reports", "/screens", "/people", "/audit", "/account"].map((path) => ({
      name: `axe-core has nothing against /admin${path}`,
      run: () => clean(`/admin${path}`, `admin${path.replace("/", "-")}`),
    })),
  ],
  {},
  browser,
);
