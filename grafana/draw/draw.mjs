// A picture of each dashboard from what a running Prometheus has of the last seconds, drawn by Grafana's own components
// in Chromium. Says which panels were drawn by something that is only near.

import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const DASHBOARDS = new URL("../dashboards/", import.meta.url);
const NEAR = { "state-timeline": "bands of our own", heatmap: "lines" };

const filled = (expr, queue, seconds) =>
  [
    ["$__rate_interval", "60s"],
    ["$__range", `${seconds}s`],
    ["$job", "tablica"],
    ["$instance", ".+"],
    ["$channel", ".*"],
    ["$queue", queue],
  ].reduce((text, [name, value]) => text.replaceAll(name, value), expr);

// A page of one queue is of the first, as in Grafana.
async function queueOf(page, prometheus) {
  const variable = page.templating.list.find(({ name }) => name === "queue");
  if (!variable || variable.multi) return ".*";
  return (await (await fetch(`${prometheus}/api/v1/label/queue/values?match[]=tablica_waiting`)).json()).data[0];
}

async function ask(target, queue, { prometheus, from, to }) {
  const span = target.instant
    ? { time: String(to) }
    : { start: String(from), end: String(to), step: String(Math.max(1, Math.round((to - from) / 300))) };
  const query = new URLSearchParams({ query: filled(target.expr, queue, to - from), ...span });
  const answer = await (await fetch(`${prometheus}/api/v1/query${target.instant ? "" : "_range"}?${query}`)).json();
  if (answer.status !== "success") throw new Error(`${target.expr}: ${answer.error}`);
  return { target, series: answer.data.result };
}

const path = (file) => new URL(`node_modules/@grafana/${file}`, import.meta.url).pathname;
const bundled = () =>
  build({
    entryPoints: [new URL("src/page.tsx", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    minify: true,
    // As CommonJS: its ES modules import older packages in a way that only Grafana's own bundler understands.
    plugins: [
      {
        name: "commonjs",
        setup: (it) =>
          it.onResolve({ filter: /^@grafana\/(ui|data)(\/unstable)?$/ }, ({ path: name }) => ({
            path: path(`${name.split("/")[1]}/dist/cjs/${name.split("/")[2] ?? "index"}.cjs`),
          })),
      },
    ],
    define: { "process.env.NODE_ENV": '"production"', global: "window" },
    outdir: "out",
    logLevel: "error",
    loader: { ".svg": "dataurl", ".png": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl" },
  });

/** Leaves them in the folder, `overview.png` and so on. */
export async function draw(prometheus, folder, seconds) {
  const to = Math.floor(Date.now() / 1000);
  const asked = { prometheus, from: to - seconds, to };
  const { outputFiles } = await bundled();
  const made = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    for (const name of readdirSync(DASHBOARDS)) {
      const page = JSON.parse(readFileSync(new URL(name, DASHBOARDS), "utf8"));
      const answers = {};
      const queue = await queueOf(page, prometheus);
      for (const panel of page.panels) {
        if (panel.type in NEAR)
          console.log(`${page.title} / ${panel.title}: a ${panel.type}, drawn by ${NEAR[panel.type]}`);
        answers[panel.id] = await Promise.all((panel.targets ?? []).map((target) => ask(target, queue, asked)));
      }
      const tab = await browser.newPage({ viewport: { width: 1600, height: 900 }, timezoneId: "Europe/Warsaw" });
      tab.on("pageerror", (error) => {
        console.error(`${page.title}: ${error}`);
        process.exitCode = 1;
      });
      // An address of its own: Grafana's code wants local storage.
      await tab.route("http://dashboards.invalid/", (route) =>
        route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><body style="margin:0"><div id="root"></div>',
        }),
      );
      await tab.goto("http://dashboards.invalid/");
      await tab.addStyleTag({ content: made(".css") });
      await tab.addScriptTag({ content: made(".js") });
      await tab.evaluate((brought) => window.draw(brought), { page, answers, from: asked.from * 1000, to: to * 1000 });
      await tab.waitForSelector('body[data-drawn="yes"]', { timeout: 30_000 });
      await tab.evaluate(() => document.fonts.ready);
      await tab.locator("#board").screenshot({ path: `${folder}/${name.replace(".json", ".png")}` });
      await tab.close();
    }
  } finally {
    await browser.close();
  }
}
