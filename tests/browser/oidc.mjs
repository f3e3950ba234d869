// Logins by OpenID Connect in a real browser, without script: the button, the way to the provider and back,
// what is said on the way, and the page of who may not. The provider lets everybody in at once.
//
//   node tests/browser/oidc.mjs --base http://127.0.0.1:9464 --walls http://127.0.0.1:8080 --password … [--screenshots DIR]

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { expect, play } from "./runner.mjs";

const axe = readFileSync(createRequire(new URL("../../dashboards/app/package.json", import.meta.url)).resolve("axe-core"), "utf8");
const text = { type: "string" };
const { values } = parseArgs({ options: { base: text, walls: text, password: text, screenshots: text } });
const { base, walls, password, screenshots } = values;
if (screenshots) mkdirSync(screenshots, { recursive: true });
const browser = await launch();
const size = { width: 1920, height: 1080 };
const plain = await browser.newContext({ viewport: size, javaScriptEnabled: false });
const page = await plain.newPage();

/** What axe-core has against an address, as whoever is logged in sees it. */
async function clean(address, name) {
  const measured = await browser.newContext({ viewport: size });
  await measured.addCookies(await plain.cookies());
  const other = await measured.newPage();
  await other.goto(address, { waitUntil: "load" });
  await other.evaluate(axe);
  const { violations } = await other.evaluate(() => window.axe.run(document));
  if (screenshots) await other.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  await measured.close();
  const found = violations.map((it) => `${it.id}: ${it.help} (${it.nodes.map((node) => node.target.join(" ")).join(", ")})`);
  expect(found.length === 0, found.join("; "));
}

async function says(pattern) {
  const said = await page.textContent("body");
  expect(pattern.test(said), `the page says: ${said}`);
}

await play(
  [
    {
      name: "what went wrong is said above both ways in",
      run: async () => {
        await clean(`${base}/login?said=down`, "oidc-down");
        await clean(`${walls}/login?said=no-role`, "oidc-no-role");
        await page.goto(`${base}/login?said=down`);
        await says(/does not answer[\s\S]*Log in with your organisation’s account[\s\S]*Or with a name and password/);
      },
    },
    {
      name: "the button leads to the provider and back to what was wanted",
      run: async () => {
        await page.goto(`${base}/admin/channels`);
        await clean(`${base}/login`, "oidc-login");
        await page.click("a.button");
        expect(page.url() === `${base}/admin/channels`, `it leads to ${page.url()}`);
        await says(/Channels[\s\S]*anna\.kowalska/);
        await clean(`${base}/admin/channels`, "oidc-channels");
        await clean(`${base}/admin/account`, "oidc-account");
      },
    },
    {
      name: "who may not is told so, and what to do",
      run: async () => {
        const answer = await page.goto(`${base}/admin/people`);
        expect(answer.status() === 403, `status ${answer.status()}`);
        await says(/This is not for your role[\s\S]*Admin[\s\S]*anna\.kowalska \(Lead\)/);
        await clean(`${base}/admin/people`, "refused-role");
      },
    },
    {
      name: "they log out, are told where else they are in, and come in as another",
      run: async () => {
        await page.click("button[type=submit]");
        await says(/You are logged out here/);
        await clean(page.url(), "oidc-left");
        await page.fill("[name=name]", "boss");
        await page.fill("[name=password]", password);
        await page.click("button[type=submit]");
        await says(/boss/);
        await page.goto(`${base}/admin/people`);
        await says(/anna\.kowalska[\s\S]*comes in with the organisation’s account/);
        await clean(`${base}/admin/people`, "oidc-people");
      },
    },
    {
      name: "a form after the end of the login says so",
      run: async () => {
        await page.goto(`${base}/admin/account`);
        await plain.clearCookies();
        await page.fill("[name=password]", password);
        await page.fill("[name=new_password]", `${password} two`);
        await page.click("main button[type=submit]");
        await says(/You are not logged in any more/);
        if (screenshots) await page.screenshot({ path: join(screenshots, "refused-login.png"), fullPage: true });
      },
    },
  ],
  {},
  browser,
);
