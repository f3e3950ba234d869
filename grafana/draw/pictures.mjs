// `node pictures.mjs TABLICA FOLDER MINUTES`: the demo's contact center on a server and a Prometheus of its own, in a
// folder that goes away, for so many minutes; then a picture of each dashboard. TABLICA is the program.

import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as passes } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { draw } from "./draw.mjs";

const [program, folder, minutes] = process.argv.slice(2);
if (!program || !folder || !Number(minutes)) throw new Error("node pictures.mjs TABLICA FOLDER MINUTES");
const HOUSE = fileURLToPath(new URL("../../", import.meta.url));
const READY_MAX_MS = 120_000;
// How long it takes until the center is as full as at ten o'clock: what comes until then is no picture of a day.
const WARM_UP_MS = 120_000;
const site = mkdtempSync(join(tmpdir(), "tablica-pictures-"));
const running = [];
let browser;

const port = () =>
  new Promise((gives) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => gives(port));
    });
  });

function start(command, args, env = {}) {
  const log = join(site, `${running.length}.log`);
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", openSync(log, "a")] });
  child.on("exit", (code) => {
    if (child.killed) return;
    console.error(`${readFileSync(log, "utf8")}${command} ended by itself (${code})`);
    stop();
    process.exit(1);
  });
  running.push(child);
}

function stop() {
  for (const child of running) child.kill("SIGKILL");
  rmSync(site, { recursive: true, force: true, maxRetries: 5 });
}

async function ready(url) {
  for (const until = Date.now() + READY_MAX_MS; Date.now() < until; await passes(200)) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${url} is not ready`);
}

try {
  const [walls, admin, prometheus] = [await port(), await port(), await port()];
  const secrets = Object.fromEntries(
    ["TELEGRAM", "WEBFORM", "NETWORKS"].map((it) => [
      `TABLICA_DEMO_${it}_SECRET`,
      `pictures-${it.toLowerCase()}-0123456789`,
    ]),
  );
  const changed = [
    ["127.0.0.1:8080", `127.0.0.1:${walls}`],
    ["127.0.0.1:9464", `127.0.0.1:${admin}`],
    ["../topics.example.toml", join(HOUSE, "topics.example.toml")],
    ["../state/demo/queue_log", "queue_log"],
    ["../state", "state"],
    ["[topics]", "[telemetry]\nagent_labels = true\n\n[topics]"],
  ];
  const config = changed.reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    readFileSync(join(HOUSE, "demo/tablica.toml"), "utf8"),
  );
  writeFileSync(join(site, "tablica.toml"), config);
  writeFileSync(
    join(site, "prometheus.yml"),
    `global: {scrape_interval: 2s, evaluation_interval: 2s}\nrule_files: [${JSON.stringify(join(HOUSE, "grafana/rules/*.yml"))}]\nscrape_configs:\n  - {job_name: tablica, static_configs: [{targets: ["127.0.0.1:${admin}"]}]}\n`,
  );
  start(program, ["serve", "--config", join(site, "tablica.toml")], secrets);
  await ready(`http://127.0.0.1:${walls}/readyz`);
  start("prometheus", [
    `--config.file=${join(site, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(site, "data")}`,
    `--web.listen-address=127.0.0.1:${prometheus}`,
    "--log.level=error",
  ]);
  await ready(`http://127.0.0.1:${prometheus}/-/ready`);
  const door = `http://127.0.0.1:${walls}/in/`;
  start(
    program,
    [
      "simulate",
      "--telegram",
      `${door}telegram`,
      "--telegram-secret-env",
      "TABLICA_DEMO_TELEGRAM_SECRET",
      "--webform",
      `${door}webform`,
      "--webform-secret-env",
      "TABLICA_DEMO_WEBFORM_SECRET",
      "--networks",
      door,
      "--networks-secret-env",
      "TABLICA_DEMO_NETWORKS_SECRET",
      "--queue-log",
      join(site, "queue_log"),
      "--as-if",
      "10:00",
      "--warm-up",
      "10m",
      "--rate",
      "6",
      "--staff",
      "5.4",
    ],
    secrets,
  );
  // Walls that somebody looks at: they paint, and say so.
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  for (const wall of ["floor?screen=hall", "floor?screen=lobby-3", "promises?screen=lead"])
    await (await browser.newPage()).goto(`http://127.0.0.1:${walls}/wall/${wall}`);
  console.log(`watching for ${WARM_UP_MS / 60_000} + ${minutes} minutes`);
  await passes(WARM_UP_MS + Number(minutes) * 60_000);
  await draw(`http://127.0.0.1:${prometheus}`, folder, Number(minutes) * 60);
} finally {
  await browser?.close();
  stop();
}
