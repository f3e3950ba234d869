// A real Alertmanager with the config that ships: of alerts that have one cause, people hear the cause.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

const LIMIT_MS = 30_000;
const folder = mkdtempSync(join(tmpdir(), "tablica-alertmanager-"));
let address = "";
let stop = () => {};

const freePort = () =>
  new Promise<number>((gives) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => gives(port));
    });
  });

async function waitFor<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + LIMIT_MS; Date.now() < until;) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((goOn) => setImmediate(goOn));
  }
  throw new Error(`${what} did not come within ${LIMIT_MS / 1000} s`);
}

before(async () => {
  address = `127.0.0.1:${await freePort()}`;
  const config = fileURLToPath(new URL("../alertmanager.yml", import.meta.url));
  // What the receivers cannot be told stands in its log, and is of no interest here.
  const child = spawn(
    "prometheus-alertmanager",
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      "--cluster.listen-address=",
    ],
    { stdio: "ignore" },
  );
  stop = () => child.kill("SIGKILL");
  await waitFor("the Alertmanager", async () => ((await fetch(`http://${address}/-/ready`)).ok ? true : undefined));
});

after(() => {
  stop();
  rmSync(folder, { recursive: true, force: true });
});

type Labels = Record<string, string>;
interface Alert {
  labels: Labels;
  status: { inhibitedBy: string[] };
}

// Sends these alerts, and waits until just those are inhibited: the Alertmanager takes a moment for it.
async function inhibits(site: string, alerts: Labels[], expected: string[]): Promise<void> {
  const sent = alerts.map((labels) => ({ labels: { job: site, ...labels } }));
  const answer = await fetch(`http://${address}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sent),
  });
  assert.ok(answer.ok, await answer.text());
  let last: string[] = [];
  await waitFor("those alerts", async () => {
    const all: Alert[] = await (await fetch(`http://${address}/api/v2/alerts?filter=job="${site}"`)).json();
    last = all
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => labels.alertname!)
      .sort();
    return all.length === alerts.length && last.join() === expected.join() ? true : undefined;
  }).catch(() => assert.deepEqual(last, expected));
}

test("a disk that refuses is told, not what follows from it", async () => {
  const at = { instance: "a" };
  await inhibits(
    "one",
    [
      { alertname: "TablicaJournalNotWritable", ...at },
      { alertname: "TablicaTurnsWebhooksAway", ...at },
      { alertname: "TablicaJournalSlow", ...at },
      { alertname: "ChannelFeedSilent", channel: "telegram" },
      { alertname: "ServiceLevelBelowGoal", queue: "care" },
      { alertname: "TablicaTurnsWebhooksAway", instance: "b" },
    ],
    ["ChannelFeedSilent", "TablicaJournalSlow", "TablicaTurnsWebhooksAway"],
  );
});

test("a plugin that rests silences its own channel and no other", async () => {
  await inhibits(
    "two",
    [
      { alertname: "TablicaPluginResting", channel: "telegram" },
      { alertname: "TablicaQuarantineGrowing", channel: "telegram" },
      { alertname: "ChannelFeedSilent", channel: "telegram" },
      { alertname: "ChannelFeedSilent", channel: "phones" },
    ],
    ["ChannelFeedSilent", "TablicaQuarantineGrowing"],
  );
});

test("of two alerts of one policy the graver is told", async () => {
  await inhibits(
    "three",
    [
      { alertname: "PromisesPileUp", policy: "mail" },
      { alertname: "PolicyAtRisk", policy: "mail" },
      { alertname: "PolicyAtRisk", policy: "calls" },
      { alertname: "PolicyOverdue", policy: "mail" },
    ],
    ["PolicyAtRisk"],
  );
});
