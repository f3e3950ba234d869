// Tablica itself: does it take, keep and count what comes, and how much room is left.

import type { Page } from "../dashboard.ts";
import {
  BLUE,
  buckets,
  figure,
  GREEN,
  grid,
  lines,
  NONE_IS_WELL,
  ORANGE,
  PER_MINUTE,
  PER_SECOND,
  RED,
} from "../panels.ts";
import type { Queries } from "../query.ts";
import { messagesAboutAlerts, reportsByMail } from "./sent.ts";

const NOTHING = "Tablica does not report";
const YES = [{ type: "value" as never, options: { 0: { text: "no" }, 1: { text: "yes" } } }];

/** What must not happen on disk, by the counter that tells of it. */
const DAMAGE: readonly [string, string, string][] = [
  ["missing", "Events missing", "tablica_journal_events_missing_total"],
  ["bad", "Bad rows", "tablica_journal_bad_rows_total"],
  ["aside", "Files set aside", "tablica_files_set_aside_total"],
  ["again", "Files written again", "tablica_files_written_again_total"],
  ["outages", "Disk refused", "tablica_journal_outages_total"],
  ["snapshots", "Snapshots failed", "tablica_snapshots_failed_total"],
  ["dropped", "Left quarantine undecoded", "tablica_quarantine_dropped_total"],
];

function refused(q: Queries) {
  return lines(
    {
      title: "Refused by limits",
      says: "What limits of the doors, of logins and of pairing refused, per minute, by the key that sets them. Nothing here is the usual.",
      unit: PER_MINUTE,
      w: 24,
      h: 8,
      nothing: "No limit was hit",
      alerts: ["TablicaDoorsRefuse"],
    },
    [
      { expr: `60 * sum by (limit) (${q.rate("tablica_refused_total")}) > 0`, legend: "doors: {{limit}}" },
      { expr: `60 * sum by (limit) (${q.rate("tablica_access_limited_total")}) > 0`, legend: "access: {{limit}}" },
      { expr: `60 * sum by (limit) (${q.rate("tablica_engine_limited_total")}) > 0`, legend: "engine: {{limit}}" },
    ],
    { min: 0 },
  );
}

/** Logins of one kind, by how they ended. */
function logins(q: Queries, metric: string, words: { title: string; says: string; nothing: string }) {
  const about = { ...words, unit: PER_MINUTE, w: 6, h: 7 };
  const ended = { expr: `60 * sum by (result) (${q.rate(metric)})`, legend: "{{result}}" };
  return lines(about, [ended], { min: 0 });
}

export const server: Page = {
  uid: "tablica-server",
  title: "Tablica / Server",
  description: "Does Tablica itself take, keep and count what comes? For who runs the server.",
  narrowing: ["channel"],
  board: "health",
  panels: (q) => [
    figure(
      {
        title: "Journal can write",
        says: "While it cannot, Tablica answers 503: make room on the disk of its state folder.",
        unit: "none",
        w: 4,
        h: 4,
        nothing: NOTHING,
        alerts: ["TablicaJournalNotWritable"],
      },
      [{ expr: `min(${q.of("tablica_journal_writable")})` }],
      [[1, GREEN]],
      RED,
    ).mappings(YES),
    figure(
      {
        title: "Figures behind",
        says: "How long ago the oldest event was made durable that is not in the figures yet. From 5 s on the server is not ready.",
        unit: "s",
        decimals: 1,
        w: 4,
        h: 4,
        nothing: NOTHING,
        alerts: ["TablicaEngineBehind"],
      },
      [{ expr: `max(${q.of("tablica_engine_behind_seconds")})` }],
      [[5, RED]],
    ),
    figure(
      {
        title: "Config in force",
        says: "No: the config that was read last has mistakes, and an older one is in force.",
        unit: "none",
        w: 4,
        h: 4,
        nothing: NOTHING,
        alerts: ["TablicaReloadFailed"],
      },
      [{ expr: `min(${q.of("tablica_reload_ok")})` }],
      [[1, GREEN]],
      RED,
    ).mappings(YES),
    figure(
      {
        title: "Turned away in the time shown",
        says: "Webhooks answered with 503, to be sent again.",
        unit: "none",
        decimals: 0,
        w: 4,
        h: 4,
        nothing: NOTHING,
      },
      [{ expr: `sum(${q.inRange("tablica_webhooks_turned_away_total")})` }],
      NONE_IS_WELL,
    ),
    figure(
      {
        title: "In quarantine",
        says: "Inputs that could not be decoded and are kept to be looked at.",
        unit: "none",
        w: 4,
        h: 4,
        nothing: NOTHING,
        alerts: ["TablicaQuarantineGrowing"],
      },
      [{ expr: `sum(${q.of("tablica_quarantine_entries")})` }],
    ),
    figure(
      {
        title: "Room left on disk",
        says: "What is free for the server on the disk of its state folder.",
        unit: "bytes",
        decimals: 1,
        w: 4,
        h: 4,
        nothing: NOTHING,
        alerts: ["TablicaDiskFillsUp", "TablicaJournalNotWritable"],
      },
      [{ expr: `min(${q.of("tablica_state_free_bytes")})` }],
    ),
    lines(
      {
        title: "Events per second",
        says: "Events made durable by the journal.",
        unit: PER_SECOND,
        w: 12,
        h: 8,
        nothing: "No event has come yet",
      },
      [{ id: "events", expr: `sum by (instance) (${q.rate("tablica_journal_events_total")})`, legend: "{{instance}}" }],
      { min: 0, fill: 8 },
    ),
    lines(
      {
        title: "Time of a commit",
        says: "How long a commit took, the disk's part included: half took less than the lower line, 99 of 100 less than the upper.",
        unit: "s",
        w: 12,
        h: 8,
        nothing: "Nothing was committed",
        alerts: ["TablicaJournalSlow"],
      },
      [
        {
          id: "half",
          expr: q.quantile(0.5, "tablica_journal_commit_seconds", ["instance"]),
          legend: "{{instance}} half",
        },
        {
          id: "most",
          expr: `max by (instance) (${q.of("job_instance:tablica_journal_commit_seconds:p99_5m")})`,
          legend: "{{instance}} 99 of 100",
          dashed: true,
        },
      ],
      { min: 0 },
    ),
    lines(
      {
        title: "Figures old, share of the time",
        says: "Share of the time in which an event was on disk for more than a second and not in the figures, over the last hour and the last six. The goal is 0.1%.",
        unit: "percentunit",
        w: 12,
        h: 8,
        nothing: NOTHING,
        alerts: ["TablicaFreshnessBudgetBurns", "TablicaFreshnessBudgetShrinks"],
      },
      [
        {
          id: "hour",
          expr: `max by (instance) (${q.of("job_instance:tablica_figures_stale:ratio_rate1h")})`,
          legend: "{{instance}} an hour",
        },
        {
          id: "six",
          expr: `max by (instance) (${q.of("job_instance:tablica_figures_stale:ratio_rate6h")})`,
          legend: "{{instance}} six hours",
          dashed: true,
        },
      ],
      { min: 0, upTo: 0.01 },
    ),
    lines(
      {
        title: "Webhooks per minute",
        says: "Webhook requests that came, and those that were refused, by why.",
        unit: PER_MINUTE,
        w: 12,
        h: 8,
        nothing: NOTHING,
      },
      [
        { id: "all", expr: `60 * sum(${q.rate("tablica_webhooks_total")})`, legend: "came", colour: BLUE },
        {
          id: "away",
          expr: `60 * sum(${q.rate("tablica_webhooks_turned_away_total")})`,
          legend: "turned away",
          colour: RED,
        },
        {
          id: "large",
          expr: `60 * sum(${q.rate("tablica_body_too_large_total")})`,
          legend: "too large",
          colour: ORANGE,
        },
        { id: "slow", expr: `60 * sum(${q.rate("tablica_body_too_slow_total")})`, legend: "too slow" },
        { id: "signed", expr: `60 * sum(${q.rate("tablica_signature_failures_total")})`, legend: "signature refused" },
      ],
      { min: 0 },
    ),
    refused(q),
  ],
  rows: (q) => [
    {
      title: "Machine",
      panels: [
        lines(
          {
            title: "Processor",
            says: "Processors that the server kept busy: 1 is one of them.",
            unit: "none",
            decimals: 2,
            w: 8,
            h: 8,
            nothing: NOTHING,
          },
          [{ expr: `sum by (instance) (${q.rate("process_cpu_seconds_total")})`, legend: "{{instance}}" }],
          { min: 0 },
        ),
        lines(
          { title: "Memory", says: "Memory of the server's process.", unit: "bytes", w: 8, h: 8, nothing: NOTHING },
          [{ expr: `max by (instance) (${q.of("process_resident_memory_bytes")})`, legend: "{{instance}}" }],
          { min: 0 },
        ),
        lines(
          {
            title: "Room left on disk",
            says: "Free bytes for the server on the disk of its state folder.",
            unit: "bytes",
            w: 8,
            h: 8,
            nothing: NOTHING,
            alerts: ["TablicaDiskFillsUp"],
          },
          [{ expr: `min by (instance) (${q.of("tablica_state_free_bytes")})`, legend: "{{instance}}" }],
          { min: 0 },
        ),
        grid(
          { title: "Servers", says: "What runs, and since when.", unit: "none", w: 12, h: 6, nothing: NOTHING },
          { instance: "Instance", version: "Version" },
          [
            {
              id: "up",
              title: "Running for",
              expr: `time() - max by (instance) (${q.of("process_start_time_seconds")})`,
              unit: "s",
              decimals: 0,
            },
            {
              id: "config",
              title: "Config read",
              expr: `time() - max by (instance) (${q.of("tablica_reload_last_success_timestamp_seconds")})`,
              unit: "s",
              decimals: 0,
            },
            {
              id: "version",
              title: "Servers",
              expr: `sum by (instance, version) (${q.of("tablica_build_info")})`,
              unit: "none",
            },
          ],
        ),
        lines(
          {
            title: "Clock",
            says: "How far the machine's clock is from the time that counts while a jump is not followed; else 0.",
            unit: "s",
            w: 12,
            h: 6,
            nothing: NOTHING,
            alerts: ["TablicaClockJumped"],
          },
          [{ expr: `max by (instance) (${q.of("tablica_clock_held_seconds")})`, legend: "{{instance}}" }],
        ),
      ],
    },
    {
      title: "Journal and memory",
      panels: [
        buckets(
          {
            title: "Commits by length",
            says: "How many commits took how long: the darker, the more.",
            unit: PER_MINUTE,
            w: 12,
            h: 8,
            nothing: "Nothing was committed",
            alerts: ["TablicaJournalSlow"],
          },
          `60 * sum by (le) (${q.rate("tablica_journal_commit_seconds_bucket")})`,
        ),
        lines(
          {
            title: "Kept in memory, of what may be",
            says: "How full the engine's memory is: contacts and ids of events, as a share of the config's limits.",
            unit: "percentunit",
            w: 12,
            h: 8,
            nothing: NOTHING,
            alerts: ["TablicaLimitHit"],
          },
          [
            {
              expr: `max by (what) (${q.of("tablica_engine_kept")} / on (job, instance, what) ${q.of("tablica_engine_kept_max")})`,
              legend: "{{what}}",
            },
          ],
          { min: 0, max: 1 },
        ),
        grid(
          {
            title: "Damage in the time shown",
            says: "What was lost, damaged or deleted on disk. All 0 is well; else the runbooks say what to do.",
            unit: "none",
            w: 24,
            h: 6,
            nothing: NOTHING,
            alerts: ["TablicaJournalEventsMissing", "TablicaFileSetAside"],
          },
          { instance: "Instance" },
          DAMAGE.map(([id, title, counter]) => ({
            id,
            title,
            expr: `sum by (instance) (${q.inRange(counter)})`,
            unit: "none",
            decimals: 0,
            above: NONE_IS_WELL,
          })),
        ),
      ],
    },
    {
      title: "People",
      panels: [
        logins(q, "tablica_logins_total", {
          title: "Logins per minute",
          says: "Attempts to log in, by how they ended. Many that failed: somebody guesses.",
          nothing: "There is no section access in the config: nobody logs in",
        }),
        logins(q, "tablica_oidc_logins_total", {
          title: "Logins by OpenID Connect per minute",
          says: "Logins at the provider of access.oidc, by how they ended. provider: it does not answer, or not as expected. forged: its ID token does not hold.",
          nothing: "There is no section access.oidc in the config",
        }),
        reportsByMail(q),
        messagesAboutAlerts(q),
      ],
    },
  ],
};
