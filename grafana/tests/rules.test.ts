// Rules: each alert tells who should come, what is wrong, what to do and where to look; what is recorded is used; the
// mixin has the same.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { groups, PAGES } from "../src/all.ts";
import { metricOf } from "../src/query.ts";

const ROOT = new URL("../", import.meta.url);
const rules = groups().flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert);

test("each alert says how urgent, what, why, what to do and where to look", () => {
  assert.ok(alerts.length > 25);
  for (const { alert, labels, annotations } of alerts) {
    assert.match(labels?.severity ?? "", /^(page|ticket)$/, alert);
    assert.deepEqual(
      Object.keys(annotations ?? {}).sort(),
      ["dashboard_url", "description", "runbook_url", "summary"],
      alert,
    );
    const [, runbook] =
      /^https:\/\/github\.com\/tablica\/tablica\/blob\/main\/grafana\/(runbooks\/\w+\.md)$/.exec(
        annotations!.runbook_url!,
      ) ?? [];
    assert.equal(runbook, `runbooks/${alert}.md`);
    assert.ok(existsSync(new URL(runbook!, ROOT)), runbook);
    const [, uid] =
      /^\{\{ \$externalLabels\.grafana_url \}\}\/d\/([a-z-]+)(\?|$)/.exec(annotations!.dashboard_url!) ?? [];
    const page = PAGES.find((it) => it.uid === uid);
    assert.ok(page, `${alert}: there is no dashboard ${uid}`);
    for (const [, variable] of annotations!.dashboard_url!.matchAll(/var-(\w+)=/g)) {
      assert.ok(
        ["job", "instance", ...page.narrowing].includes(variable!),
        `${alert}: ${uid} has no variable ${variable}`,
      );
    }
  }
});

test("each metric that rules ask for exists, counters only by their growth", () => {
  for (const { alert, record, expr } of rules) {
    for (const [, before, series] of expr.matchAll(/([\w_]*)\(?\b(?<![:\w])(tablica_[a-z0-9_]+)/g)) {
      const metric = metricOf(series!);
      assert.ok(metric, `${alert ?? record}: docs/metrics.md has no ${series}`);
      if (metric.kind !== "counter") assert.doesNotMatch(before!, /^(rate|increase)$/, `${alert ?? record}: ${series}`);
    }
  }
});

test("what is recorded is named level:metric:operations and used by somebody", () => {
  const users = [
    ...rules.map(({ expr }) => expr),
    ...readdirSync(new URL("dashboards/", ROOT)).map((name) =>
      readFileSync(new URL(`dashboards/${name}`, ROOT), "utf8"),
    ),
  ].join("\n");
  for (const { record, expr } of rules) {
    if (!record) continue;
    assert.match(record, /^[a-z_]+:tablica_[a-z_]+:[a-z0-9_]+$/);
    assert.ok(users.includes(record), `nobody uses ${record}`);
    const [level] = record.split(":");
    for (const [, labels] of expr.matchAll(/by \(([^)]*)\)/g)) {
      assert.equal(
        labels!
          .split(", ")
          .filter((it) => it !== "le")
          .join("_"),
        level,
        record,
      );
    }
  }
});

test("the mixin has the same dashboards, rules and alerts", () => {
  const mixin = (what: string, config = "{}") =>
    JSON.parse(
      execFileSync(
        "jsonnet",
        [
          "-e",
          `((import ${JSON.stringify(fileURLToPath(new URL("mixin/mixin.libsonnet", ROOT)))}) + { _config+:: ${config} }).${what}`,
        ],
        { encoding: "utf8", maxBuffer: 1 << 26 },
      ),
    );
  const mixed = [...mixin("prometheusRules").groups, ...mixin("prometheusAlerts").groups];
  assert.deepEqual(
    new Map(
      mixed
        .flatMap((group) => group.rules)
        .map((rule: { alert?: string; record?: string }) => [rule.alert ?? rule.record, rule]),
    ),
    new Map(rules.map((rule) => [rule.alert ?? rule.record, rule])),
  );
  const dashboards = mixin("grafanaDashboards");
  assert.deepEqual(Object.keys(dashboards).sort(), PAGES.map(({ uid }) => `${uid}.json`).sort());
  for (const { uid } of PAGES) assert.equal(dashboards[`${uid}.json`].uid, uid);
  const folder = mkdtempSync(join(tmpdir(), "tablica-mixin-"));
  const written = ["prometheusRules", "prometheusAlerts"].map((what) => {
    const path = join(folder, `${what}.json`);
    writeFileSync(path, JSON.stringify(mixin(what)));
    return path;
  });
  execFileSync("promtool", ["check", "rules", ...written]);
  const told = mixin("prometheusAlerts", "{ grafanaUrl: 'https://grafana.example.org' }").groups.flatMap(
    (group: { rules: { annotations: { dashboard_url: string } }[] }) => group.rules,
  );
  for (const { annotations } of told)
    assert.match(annotations.dashboard_url, /^https:\/\/grafana\.example\.org\/d\/tablica-/);
});
