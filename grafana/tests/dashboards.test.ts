// The dashboards that ship are what the sources make, and keep the rules that people who live by dashboards have:
// one data source by variable, job and instance in every query, counters only as rates, words on every panel.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { files, groups } from "../src/all.ts";
import { METRICS, metricOf } from "../src/query.ts";

const ROOT = new URL("../", import.meta.url);

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  panels?: Panel[];
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; refId: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults: { unit?: string; noValue?: string } };
  links?: { url: string }[];
  collapsed?: boolean;
}
interface Page {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  panels: Panel[];
  templating: {
    list: {
      name: string;
      type: string;
      definition?: string;
      query?: { query?: string };
      datasource?: { uid: string };
    }[];
  };
  links: { url?: string; type: string }[];
  editable: boolean;
}

const names = readdirSync(new URL("dashboards/", ROOT));
const pages = names.map((name): Page => JSON.parse(readFileSync(new URL(`dashboards/${name}`, ROOT), "utf8")));
const panels = (page: Page) => page.panels.flatMap((it) => (it.type === "row" ? (it.panels ?? []) : [it]));
const each = (look: (page: Page, panel: Panel) => void) =>
  pages.forEach((page) => panels(page).forEach((panel) => look(page, panel)));
const eachQuery = (look: (expr: string, where: string, page: Page) => void) =>
  each((page, panel) =>
    (panel.targets ?? []).forEach(({ expr }) => look(expr, `${page.title} / ${panel.title}: ${expr}`, page)),
  );
// Every series that a query asks for, with what stands in its braces.
const selectors = (expr: string) =>
  [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}/g)].map((it) => ({ series: it[1]!, matchers: it[2]! }));

test("what ships is what the sources make", () => {
  const made = files();
  for (const [name, text] of made) {
    assert.ok(existsSync(new URL(name, ROOT)), `${name} is missing; npm run build writes it`);
    assert.equal(
      readFileSync(new URL(name, ROOT), "utf8"),
      text,
      `${name} is not what the sources make; npm run build writes it anew`,
    );
  }
  for (const name of names) assert.ok(made.has(`dashboards/${name}`), `dashboards/${name} is made by nothing`);
});

test("uids, titles and panel ids are unique, and dashboards say what they are for", () => {
  assert.equal(new Set(pages.map(({ uid }) => uid)).size, pages.length);
  assert.equal(new Set(pages.map(({ title }) => title)).size, pages.length);
  for (const page of pages) {
    assert.match(page.uid, /^tablica-[a-z]+$/);
    assert.ok(page.description.length > 40 && page.tags.includes("tablica"), page.title);
    const ids = page.panels.flatMap((it) => [it.id, ...(it.panels ?? []).map(({ id }) => id)]);
    assert.equal(new Set(ids).size, ids.length, page.title);
  }
});

test("each panel has a title, a sentence, a unit and words for when there is nothing", () => {
  each((page, panel) => {
    const where = `${page.title} / ${panel.title}`;
    assert.ok(panel.title.length > 2, where);
    assert.match(panel.description ?? "", /^.{15,}$/s, `${where}: no description`);
    if (panel.type === "text") return;
    assert.ok(panel.fieldConfig?.defaults.unit, `${where}: no unit`);
    assert.match(panel.fieldConfig?.defaults.noValue ?? "", /^.{10,}$/, `${where}: no words for when there is nothing`);
    assert.ok((panel.targets ?? []).length > 0, `${where}: no query`);
  });
});

test("there is one data source, and it is a variable", () => {
  for (const page of pages) {
    const sources = page.templating.list.filter(({ type }) => type === "datasource");
    assert.deepEqual(
      sources.map(({ name }) => name),
      ["datasource"],
      page.title,
    );
    for (const it of page.templating.list)
      if (it.type === "query") assert.equal(it.datasource?.uid, "${datasource}", `${page.title}: ${it.name}`);
  }
  each((page, panel) => {
    if (panel.type === "text") return;
    const uids = [panel.datasource?.uid, ...(panel.targets ?? []).map(({ datasource }) => datasource.uid)];
    assert.deepEqual([...new Set(uids)], ["${datasource}"], `${page.title} / ${panel.title}`);
  });
});

test("every query asks by job and instance, and by channel and queue where it can", () => {
  eachQuery((expr, where, page) => {
    const found = selectors(expr);
    assert.ok(found.length > 0, where);
    for (const { series, matchers } of found) {
      assert.match(matchers, /job=~"\$job"/, where);
      assert.match(matchers, /instance=~"\$instance\|?"/, where);
      for (const label of ["channel", "queue"]) {
        const offers = page.templating.list.some(({ name }) => name === label);
        // A recorded series has its labels in the first part of its name.
        const labels = metricOf(series)?.labels ?? series.split(":")[0]!.split("_");
        if (offers && labels.includes(label)) assert.match(matchers, new RegExp(`${label}=~"\\$${label}"`), where);
      }
    }
    // A name without braces would be asked of everybody.
    const bare = expr.replace(/[a-zA-Z_:][a-zA-Z0-9_:]*\{[^}]*\}/g, "");
    assert.doesNotMatch(bare, /tablica_|process_/, where);
  });
});

test("variables are narrowed by those before them", () => {
  for (const page of pages) {
    const asked = page.templating.list.flatMap(({ name, type, definition }) =>
      type === "query" ? [[name, definition] as const] : [],
    );
    assert.deepEqual(
      asked.slice(0, 2).map(([name]) => name),
      ["job", "instance"],
      page.title,
    );
    for (const it of page.templating.list)
      if (it.type === "query") assert.equal(it.query?.query, it.definition, `${page.title}: ${it.name}`);
    for (const [name, query] of asked.slice(1))
      assert.match(
        query ?? "",
        name === "instance" ? /\{job=~"\$job"\}/ : /\{job=~"\$job", instance=~"\$instance"\}/,
        `${page.title}: ${name}`,
      );
  }
});

test("each metric exists, counters are asked for their growth, gauges for their value", () => {
  const recorded = new Set(groups().flatMap(({ rules }) => rules.map(({ record }) => record)));
  eachQuery((expr, where) => {
    for (const { series } of selectors(expr)) {
      if (series.includes(":")) {
        assert.ok(recorded.has(series), `${where}: nobody records ${series}`);
        continue;
      }
      if (series === "ALERTS") continue;
      const metric = metricOf(series);
      assert.ok(metric, `${where}: docs/metrics.md has no ${series}`);
      const grows = new RegExp(`(rate|increase)\\(${series}\\{`).test(expr);
      assert.equal(grows, metric.kind === "counter", `${where}: ${series} is a ${metric.kind}`);
    }
  });
});

test("rates are over $__rate_interval, sums over what is shown; other lengths are recorded", () => {
  eachQuery((expr, where) => {
    for (const [, call, span] of expr.matchAll(/\b(rate|increase)\([a-zA-Z0-9_:]+\{[^}]*\}\[([^\]]+)\]/g)) {
      assert.equal(span, call === "rate" ? "$__rate_interval" : "$__range", where);
    }
  });
});

test("every metric of the contact center and of the server is on a dashboard, or it is said why not", () => {
  const without: Record<string, string> = {
    tablica_plugin_calls_total: "tablica_plugin_call_seconds counts the calls, too",
    tablica_journal_bytes_total: "a size for whoever plans disks, not a state",
    tablica_connections_refused_total: 'tablica_refused_total{limit="connections_max"} is the same',
    tablica_engine_behind_events: "the seconds say it",
    tablica_clock_jumps_total: "the alert TablicaClockJumped says it",
    tablica_clock_followed_total: "the runbook of TablicaClockJumped asks for it",
    tablica_reloads_total: "whether the last one is in force is what matters",
    tablica_plugin_compile_refused_total: "the channel's feed is silent, then",
    tablica_documents_passed_over_total: "told once at a start, in the log",
    tablica_annotations_refused_total: "whoever annotates is told",
    tablica_board_versions_dropped_total: "the editor keeps as many as its limit says: that is the usual",
    tablica_report_mails_refused_total: "whoever sends by hand is told",
    tablica_answer_threshold_seconds: "what the config says, for the alert CallerWaitsTooLong",
    tablica_reply_threshold_seconds: "what the config says, for the alert MessageWaitsTooLong",
    tablica_queue_open: "what the calendar says, for the alert UnansweredPileUp",
    tablica_alerts: "Prometheus' own ALERTS says the same; this one is for those who have only Tablica's",
    tablica_alert_series_left_out: "a limit that is said in the log",
    tablica_state_free_files: "few disks run out of them; df -i is in the runbook",
  };
  const shown = new Set<string>();
  eachQuery((expr) => selectors(expr).forEach(({ series }) => shown.add(series)));
  // What is recorded is shown by its record.
  for (const { record, expr } of groups().flatMap(({ rules }) => rules))
    if (record && shown.has(record)) for (const [name] of expr.matchAll(/tablica_[a-z_]+/g)) shown.add(name);
  const lost = [...METRICS.keys()].filter(
    (name) => name.startsWith("tablica_") && ![name, `${name}_bucket`, `${name}_count`].some((it) => shown.has(it)),
  );
  assert.deepEqual(
    lost.filter((name) => !(name in without)),
    [],
    "on no dashboard",
  );
  assert.deepEqual(
    Object.keys(without).filter((name) => !lost.includes(name)),
    [],
    "they are on a dashboard",
  );
});

test("colours of goals come from Tablica: no threshold is a share that somebody typed", () => {
  each((page, panel) => {
    const text = JSON.stringify({ ...panel, panels: undefined });
    for (const [, value] of text.matchAll(/"value":(0\.\d+)/g))
      assert.fail(`${page.title} / ${panel.title}: a threshold of ${value}`);
  });
});

test("panels lie within 24 columns, none on another, and rows below the first are folded", () => {
  for (const page of pages) {
    const rows = page.panels.filter(({ type }) => type === "row");
    assert.ok(
      rows.every(({ collapsed }) => collapsed),
      page.title,
    );
    for (const group of [page.panels, ...rows.map((row) => row.panels ?? [])]) {
      const taken = new Set<string>();
      for (const { gridPos: at, title } of group) {
        assert.ok(at.x + at.w <= 24, `${page.title} / ${title} is too wide`);
        for (let x = at.x; x < at.x + at.w; x++)
          for (let y = at.y; y < at.y + at.h; y++) {
            assert.ok(!taken.has(`${x},${y}`), `${page.title} / ${title} lies on another`);
            taken.add(`${x},${y}`);
          }
      }
    }
  }
});

test("links lead to dashboards, runbooks and boards that exist", () => {
  const uids = new Set(pages.map(({ uid }) => uid));
  const boards = new Set(readdirSync(new URL("../dashboards/boards/", ROOT)).map((name) => name.replace(".toml", "")));
  for (const page of pages) {
    const urls = [
      ...page.links.map(({ url }) => url),
      ...panels(page).flatMap((panel) => (panel.links ?? []).map(({ url }) => url)),
    ];
    assert.ok(
      page.links.some(({ type }) => type === "dashboards"),
      page.title,
    );
    assert.ok(
      urls.some((url) => url?.startsWith("${wall_url}/wall/")),
      `${page.title}: no way to the wall`,
    );
    for (const url of urls) {
      const [, uid] = /^\/d\/([a-z-]+)\?/.exec(url ?? "") ?? [];
      const [, runbook] = /\/grafana\/runbooks\/(\w+\.md)$/.exec(url ?? "") ?? [];
      const [, board] = /^\$\{wall_url\}\/wall\/(.*)$/.exec(url ?? "") ?? [];
      if (uid) assert.ok(uids.has(uid), `${page.title}: ${url}`);
      if (runbook) assert.ok(existsSync(new URL(`runbooks/${runbook}`, ROOT)), `${page.title}: ${url}`);
      if (board) assert.ok(boards.has(board), `${page.title}: ${url}`);
    }
  }
});

test("each dashboard has its line on the page of operators", () => {
  const page = readFileSync(new URL("README.md", ROOT), "utf8");
  for (const name of names) assert.ok(page.includes(`](dashboards/${name}) |`), name);
});
