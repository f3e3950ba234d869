// What was promised: policies and queues, their goals, and how much may yet go wrong today.

import type { Page } from "../dashboard.ts";
import { known } from "../query.ts";
import { figure, GREEN, grid, lines, NONE_IS_WELL, ORANGE, PER_MINUTE, RED } from "../panels.ts";
import { open, openLines, type Stand } from "./promise_clocks.ts";

const NO_POLICY = "No policy is in the config";

export const promises: Page = {
  uid: "tablica-promises",
  title: "Tablica / Promises and budgets",
  description:
    "What was promised to customers, what of it may yet go wrong today, and what it takes to be back at the goal.",
  narrowing: ["channel", "queue"],
  board: "promises",
  panels: (q) => {
    const met = `sum by (policy) (${q.inRange("tablica_policy_met_total")})`;
    const broken = `sum by (policy) (${q.inRange("tablica_policy_breached_total")})`;
    const kept = `${met} / ((${met} + ${broken}) > 0)`;
    const goal = `max by (policy) (${q.of("tablica_policy_goal_ratio")})`;
    const ofPolicy = (stand: Stand) => open(q, stand, ["policy"]);
    const minutes = (series: string) => `60 * sum by (policy) (${q.rate(series)})`;
    return [
      figure(
        {
          title: "Overdue",
          says: "Open contacts whose promised time has run out. Answer them first.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: NO_POLICY,
          alerts: ["PolicyOverdue"],
        },
        [{ expr: open(q, "breached") }],
        NONE_IS_WELL,
      ),
      figure(
        {
          title: "At risk",
          says: "Open contacts past their policy's warning share of the time: there is still time.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: NO_POLICY,
          alerts: ["PolicyAtRisk", "PromisesPileUp"],
        },
        [{ expr: open(q, "at_risk") }],
        [[1, ORANGE]],
      ),
      figure(
        {
          title: "Policies below goal today",
          says: "Policies that need promises kept in a row to be back at their goal.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: "No promise was decided today",
        },
        [
          {
            expr: `count((${q.of("tablica_policy_recovery_promises")}) > 0) or count(${q.of("tablica_policy_recovery_promises")} >= 0) * 0`,
          },
        ],
        NONE_IS_WELL,
      ),
      figure(
        {
          title: "Queues below goal today",
          says: "Queues that need contacts in time in a row to be back at their goal.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: "No contact was decided today",
        },
        [
          {
            expr: `count((${q.of("tablica_queue_recovery_contacts")}) > 0) or count(${q.of("tablica_queue_recovery_contacts")} >= 0) * 0`,
          },
        ],
        NONE_IS_WELL,
      ),
      grid(
        {
          title: "Policies",
          says: "Kept: of the promises decided in the time shown. Against goal: red is below it. May yet break: today, without missing the goal. To recover: promises in a row that must be kept to be back at it.",
          unit: "none",
          w: 24,
          h: 9,
          nothing: NO_POLICY,
          alerts: ["PolicyAtRisk", "PolicyOverdue"],
        },
        { policy: "Policy" },
        [
          { id: "kept", title: "Kept", expr: kept, unit: "percentunit", decimals: 0 },
          { id: "goal", title: "Goal", expr: goal, unit: "percentunit", decimals: 0 },
          {
            id: "against",
            title: "Against goal",
            expr: `${kept} - on (policy) ${goal}`,
            unit: "percentunit",
            decimals: 1,
            base: RED,
            above: [[0, GREEN]],
          },
          { id: "running", title: "Open, in time", expr: ofPolicy("running"), unit: "none" },
          { id: "risk", title: "At risk", expr: ofPolicy("at_risk"), unit: "none", above: [[1, ORANGE]] },
          { id: "overdue", title: "Overdue", expr: ofPolicy("breached"), unit: "none", above: NONE_IS_WELL },
          {
            id: "budget",
            title: "May yet break",
            expr: `min by (policy) (${q.of("tablica_policy_budget_misses")})`,
            unit: "none",
          },
          {
            id: "recovery",
            title: "To recover",
            expr: `max by (policy) (${q.of("tablica_policy_recovery_promises")})`,
            unit: "none",
            above: NONE_IS_WELL,
          },
        ],
        "Overdue",
      ),
      grid(
        {
          title: "Queues",
          says: "Each queue today. May yet be late: without missing the goal. To recover: contacts in a row that must be in time to be back at it.",
          unit: "none",
          w: 24,
          h: 9,
          nothing: "No queue has had a contact yet",
          alerts: ["ServiceLevelBelowGoal"],
        },
        { queue: "Queue" },
        [
          {
            id: "today",
            title: "In time today",
            expr: `min by (queue) (${q.of("tablica_service_level_ratio", 'window="today"')})`,
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "goal",
            title: "Goal",
            expr: `max by (queue) (${q.of("tablica_queue_goal_ratio")})`,
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "against",
            title: "Against goal",
            expr: `min by (queue) (${q.of("tablica_service_level_ratio", 'window="today"')} - on (job, instance, queue) ${q.of("tablica_queue_goal_ratio")})`,
            unit: "percentunit",
            decimals: 1,
            base: RED,
            above: [[0, GREEN]],
          },
          {
            id: "hour",
            title: "In time, 60 min",
            expr: `min by (queue) (${q.of("tablica_service_level_ratio", 'window="60m"')})`,
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "budget",
            title: "May yet be late",
            expr: `min by (queue) (${q.of("tablica_queue_budget_misses")})`,
            unit: "none",
          },
          {
            id: "recovery",
            title: "To recover",
            expr: `max by (queue) (${q.of("tablica_queue_recovery_contacts")})`,
            unit: "none",
            above: NONE_IS_WELL,
          },
        ],
        "To recover",
      ),
      lines(
        {
          title: "Open promises",
          says: "How the open promises stood. What is at risk now is overdue soon.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: NO_POLICY,
          alerts: ["PromisesPileUp"],
        },
        openLines(q, ["running", "paused", "at_risk", "breached"]),
        { stacked: true, min: 0 },
      ),
      lines(
        {
          title: "May yet break today",
          says: "Promises of each policy that may yet be broken today without missing the goal. At 0 the next one misses it.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No promise was decided today",
        },
        [{ expr: known(`min by (policy) (${q.of("tablica_policy_budget_misses")})`), legend: "{{policy}}" }],
        { min: 0 },
      ),
      lines(
        {
          title: "Broken per minute",
          says: "Promises whose time ran out, by policy.",
          unit: PER_MINUTE,
          w: 24,
          h: 7,
          nothing: NO_POLICY,
        },
        [{ expr: minutes("tablica_policy_breached_total"), legend: "{{policy}}" }],
        { min: 0, stacked: true },
      ),
    ];
  },
  rows: (q) => [
    {
      title: "Where promises are open",
      panels: [
        grid(
          {
            title: "Open promises by policy, channel and queue",
            says: "Where to look for what is at risk or overdue.",
            unit: "none",
            w: 24,
            h: 10,
            nothing: NO_POLICY,
          },
          { policy: "Policy", channel: "Channel", queue: "Queue" },
          [
            {
              id: "risk",
              title: "At risk",
              expr: open(q, "at_risk", ["policy", "channel", "queue"]),
              unit: "none",
              above: [[1, ORANGE]],
            },
            {
              id: "overdue",
              title: "Overdue",
              expr: open(q, "breached", ["policy", "channel", "queue"]),
              unit: "none",
              above: NONE_IS_WELL,
            },
          ],
          "Overdue",
        ),
      ],
    },
  ],
};
