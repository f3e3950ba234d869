// What is mounted into containers is where they look for it, images are of one version, and each program takes its
// own config.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { load } from "js-yaml";

import { groups } from "../src/all.ts";

const HOUSE = new URL("../../", import.meta.url);
const text = (path: string) => readFileSync(new URL(path, HOUSE), "utf8");
const yaml = <T>(path: string) => load(text(path)) as T;

interface Service {
  image?: string;
  volumes: string[];
  environment?: Record<string, string>;
  ports: string[];
  read_only: boolean;
  cap_drop: string[];
  command?: string[];
  healthcheck?: unknown;
}
const compose = yaml<{
  services: Record<string, Service>;
  volumes: Record<string, null>;
  "x-hardened": Partial<Service>;
}>("compose.yml");
// The reader leaves merging (`<<`) to whoever wants it.
for (const service of Object.values(compose.services)) Object.assign(service, { ...compose["x-hardened"], ...service });
const mounts = (name: string) =>
  compose.services[name]!.volumes.map((it) => it.split(":") as [string, string, string?]);

test("images are pinned, roots are read-only, and only walls are for everybody", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.match(service.image ?? "", /:v?\d+\.\d+\.\d+$/, name);
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    for (const port of service.ports)
      assert.ok(port.startsWith("127.0.0.1:") || port === "8080:8080", `${name}: ${port}`);
  }
  const from = [...text("Dockerfile").matchAll(/^FROM (\S+)/gm)].map((it) => it[1]!);
  assert.equal(from.length, 3);
  for (const image of from) assert.match(image, /:(\d|nonroot)/, image);
  assert.match(text("Dockerfile"), /^USER 65532:65532$/m);
});

test("what is mounted is there, and each volume is named", () => {
  for (const name of Object.keys(compose.services)) {
    for (const [from, , how] of mounts(name)) {
      if (from.startsWith("./")) {
        assert.ok(existsSync(new URL(from, HOUSE)), `${name}: ${from}`);
        assert.equal(how, "ro", `${name}: ${from}`);
      } else assert.ok(from in compose.volumes, `${name}: ${from}`);
    }
  }
});

test("Grafana is told where its data source and its dashboards are", () => {
  const inside = new Map(mounts("grafana").map(([from, to]) => [to, from]));
  const [provider] = yaml<{ providers: { options: { path: string } }[] }>(
    "grafana/provisioning/dashboards/tablica.yml",
  ).providers;
  assert.equal(inside.get(provider!.options.path), "./grafana/dashboards");
  assert.equal(inside.get("/etc/grafana/provisioning/dashboards"), "./grafana/provisioning/dashboards");
  assert.equal(inside.get("/etc/grafana/provisioning/datasources"), "./grafana/provisioning/datasources");
  const [source] = yaml<{ datasources: { url: string; type: string; jsonData: { timeInterval: string } }[] }>(
    "grafana/provisioning/datasources/prometheus.yml",
  ).datasources;
  assert.equal(source!.type, "prometheus");
  assert.equal(source!.url, "${PROMETHEUS_URL}");
  assert.equal(compose.services.grafana!.environment!.PROMETHEUS_URL, "http://prometheus:9090");
  assert.equal(
    source!.jsonData.timeInterval,
    yaml<{ global: { scrape_interval: string } }>("grafana/prometheus.yml").global.scrape_interval,
  );
  const home = compose.services.grafana!.environment!.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!;
  assert.ok(existsSync(new URL(home.replace(provider!.options.path, "grafana/dashboards"), HOUSE)), home);
});

test("Prometheus takes its config and the rules that are mounted", () => {
  const config = yaml<{
    rule_files: string[];
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  }>("grafana/prometheus.yml");
  const [[rules]] = mounts("prometheus")
    .filter(([from]) => from === "./grafana/rules")
    .map(([, to]) => [to]) as [[string]];
  assert.deepEqual(config.rule_files, [`${rules}/*.yml`]);
  const here = join(mkdtempSync(join(tmpdir(), "tablica-prometheus-")), "prometheus.yml");
  writeFileSync(here, text("grafana/prometheus.yml").replace(rules, fileURLToPath(new URL("grafana/rules", HOUSE))));
  assert.match(execFileSync("promtool", ["check", "config", here], { encoding: "utf8" }), /5 rule files found/);
  for (const target of [
    ...config.scrape_configs.flatMap((it) => it.static_configs),
    ...config.alerting.alertmanagers.flatMap((it) => it.static_configs),
  ].flatMap(({ targets }) => targets)) {
    const [host] = target.split(":");
    assert.ok(host === "localhost" || host! in compose.services, target);
  }
});

test("the Alertmanager tells the floor and the operator, each what is theirs", () => {
  const config = fileURLToPath(new URL("grafana/alertmanager.yml", HOUSE));
  execFileSync("amtool", ["check-config", config]);
  const receivers = (alert: string, severity: string) =>
    execFileSync(
      "amtool",
      ["config", "routes", "test", `--config.file=${config}`, `alertname=${alert}`, `severity=${severity}`],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    ).trim();
  const both = ["ChannelFeedSilent"];
  for (const { alert, labels } of groups().flatMap(({ rules }) => rules)) {
    if (!alert) continue;
    const expected = both.includes(alert) ? "floor,operator" : alert.startsWith("Tablica") ? "operator" : "floor";
    assert.equal(receivers(alert, labels!.severity!), expected, alert);
  }
  // Whom an inhibition names exists: a typing error there silences nobody, and nobody notices.
  const known = groups()
    .flatMap(({ rules }) => rules)
    .map(({ alert }) => alert);
  for (const [, names] of text("grafana/alertmanager.yml").matchAll(/alertname=~?"([^"]+)"/g)) {
    const is = new RegExp(`^(${names})$`);
    for (const part of names!.split("|"))
      assert.ok(
        known.some((it) => new RegExp(`^${part}$`).test(it ?? "")),
        `${part}: no such alert`,
      );
    assert.ok(
      known.some((it) => is.test(it ?? "")),
      names,
    );
  }
});

test("docker-compose takes the file, and asks for the secrets that are missing", (t) => {
  const program = ["docker-compose"].find((it) => spawnSync(it, ["version"]).status === 0);
  if (!program) return t.skip("docker-compose is not installed");
  const run = (env: Record<string, string>) =>
    spawnSync(program, ["-f", fileURLToPath(new URL("compose.yml", HOUSE)), "config"], {
      encoding: "utf8",
      env: { PATH: process.env.PATH!, HOME: tmpdir(), ...env },
    });
  const whole = run({ TABLICA_WEBFORM_SECRET: "a", GRAFANA_PASSWORD: "b" });
  assert.equal(whole.status, 0, whole.stderr);
  const lacking = run({ GRAFANA_PASSWORD: "b" });
  assert.notEqual(lacking.status, 0);
  assert.match(lacking.stderr, /the secret that signs posts/);
});
