// The start page: what is wrong now, in which queue, and where to look next.

import type { Page } from "../dashboard.ts";
import {
  agentsByState,
  CLOCK,
  figure,
  GREEN,
  grid,
  lines,
  NONE_IS_WELL,
  PER_MINUTE,
  RED,
  states,
} from "../panels.ts";
import { FEED_WORDS, feeds } from "./feeds.ts";
import { open, openLines } from "./promise_clocks.ts";

const NO_CONTACTS = "No contact was decided in the last 15 minutes";

export const overview: Page = {
  uid: "tablica-overview",
  title: "Tablica / Overview",
  description:
    "Is anything wrong in the contact center now? Red figures at the top say what, the table says in which queue.",
  narrowing: ["channel", "queue"],
  board: "floor",
  panels: (q) => {
    const ratio = q.of("job_instance_queue:tablica_service_level:ratio15m");
    const goal = q.of("tablica_queue_goal_ratio");
    const against = `${ratio} - on (job, instance, queue) ${goal}`;
    return [
      figure(
        {
          title: "Queues below goal",
          says: "Queues in which a smaller share of contacts was in time over the last 15 minutes than their goal says. The goal is the config's.",
          unit: "none",
          w: 4,
          h: 4,
          nothing: NO_CONTACTS,
          alerts: ["ServiceLevelBelowGoal"],
          more: { title: "Queues", uid: "tablica-queue" },
        },
        [{ expr: `count((${against}) < 0) or count(${ratio}) * 0` }],
        NONE_IS_WELL,
      ),
      figure(
        {
          title: "Promises overdue",
          says: "Contacts that are still open although the time that a policy promised has run out.",
          unit: "none",
          w: 4,
          h: 4,
          nothing: "No policy is in the config",
          alerts: ["PolicyOverdue"],
          more: { title: "Promises", uid: "tablica-promises" },
        },
        [{ expr: open(q, "breached") }],
        NONE_IS_WELL,
      ),
      figure(
        {
          title: "Waiting now",
          says: "Contacts that wait in a queue at this moment.",
          unit: "none",
          w: 4,
          h: 4,
          nothing: "No queue is known yet",
          more: { title: "Queues", uid: "tablica-queue" },
        },
        [{ expr: `sum(${q.of("tablica_waiting")})` }],
      ),
      figure(
        {
          title: "Longest wait",
          says: "How long the contact that waits longest has waited; 0 when nobody waits.",
          unit: CLOCK,
          w: 4,
          h: 4,
          nothing: "No queue is known yet",
          alerts: ["CallerWaitsTooLong"],
        },
        [{ expr: `max(${q.of("tablica_longest_wait_seconds")})` }],
      ),
      figure(
        {
          title: "Agents available",
          says: "Agents who could take a contact now. 0 while contacts wait: look for pauses that were forgotten.",
          unit: "none",
          w: 4,
          h: 4,
          nothing: "No channel tells of agents",
          more: { title: "Staffing", uid: "tablica-staffing" },
        },
        [{ expr: `sum(${q.of("tablica_agents", 'state="available"')})` }],
      ),
      figure(
        {
          title: "Channels silent",
          says: "Channels from which nothing comes although something should. Every figure that includes them is incomplete.",
          unit: "none",
          w: 4,
          h: 4,
          nothing: "No channel is in the config",
          alerts: ["ChannelFeedSilent"],
          more: { title: "Channels", uid: "tablica-channel" },
        },
        [{ expr: `sum(${q.of("tablica_channel_feed", 'health="silent"')})` }],
        NONE_IS_WELL,
      ),
      grid(
        {
          title: "Queues",
          says: "Each queue now. Against goal: the last 15 minutes less the goal, so red is below it. May yet be late: contacts that may be late today without missing the goal.",
          unit: "none",
          w: 16,
          h: 10,
          nothing: "No queue has had a contact yet",
          alerts: ["ServiceLevelBelowGoal"],
        },
        { queue: "Queue" },
        [
          { id: "waiting", title: "Waiting", expr: `sum by (queue) (${q.of("tablica_waiting")})`, unit: "none" },
          {
            id: "longest",
            title: "Longest wait",
            expr: `max by (queue) (${q.of("tablica_longest_wait_seconds")})`,
            unit: CLOCK,
          },
          {
            id: "level",
            title: "In time, 15 min",
            expr: `min by (queue) (${ratio})`,
            unit: "percentunit",
            decimals: 0,
          },
          { id: "goal", title: "Goal", expr: `max by (queue) (${goal})`, unit: "percentunit", decimals: 0 },
          {
            id: "against",
            title: "Against goal",
            expr: `min by (queue) (${against})`,
            unit: "percentunit",
            decimals: 1,
            base: RED,
            above: [[0, GREEN]],
          },
          {
            id: "today",
            title: "In time today",
            expr: `min by (queue) (${q.of("tablica_service_level_ratio", 'window="today"')})`,
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "budget",
            title: "May yet be late",
            expr: `min by (queue) (${q.of("tablica_queue_budget_misses")})`,
            unit: "none",
          },
        ],
        "Waiting",
      ),
      grid(
        {
          title: "Alerts that fire",
          says: "Alerts of Tablica that Prometheus has firing now. Their runbooks say what to do.",
          unit: "none",
          w: 8,
          h: 10,
          nothing: "No alert fires: all is well, or the rules are not loaded",
        },
        { alertname: "Alert", where: "Where", severity: "Severity" },
        [
          {
            id: "firing",
            title: "Firing",
            width: 70,
            expr: `sum by (alertname, where, severity) (label_join(ALERTS{job=~"$job", instance=~"$instance|", alertstate="firing"}, "where", " ", "queue", "channel", "policy", "screen", "limit"))`,
            unit: "none",
            above: [[1, RED]],
          },
        ],
        undefined,
        { Alert: 200, Severity: 90 },
      ),
      lines(
        {
          title: "Against goal, 15 min",
          says: "Each queue's share in time over the last 15 minutes less its goal: what is below the red line is missed.",
          unit: "percentunit",
          w: 12,
          h: 9,
          nothing: NO_CONTACTS,
          alerts: ["ServiceLevelBelowGoal"],
        },
        [{ expr: `min by (queue) (${against})`, legend: "{{queue}}" }],
        { zeroLine: true },
      ),
      lines(
        {
          title: "Contacts per minute",
          says: "Contacts that came, that people answered, and that customers gave up, in all channels and queues chosen above.",
          unit: PER_MINUTE,
          w: 12,
          h: 9,
          nothing: "No contact has come yet",
        },
        [
          { id: "offered", expr: `60 * sum(${q.rate("tablica_offered_total")})`, legend: "offered", colour: "blue" },
          { id: "answered", expr: `60 * sum(${q.rate("tablica_answered_total")})`, legend: "answered", colour: GREEN },
          { id: "abandoned", expr: `60 * sum(${q.rate("tablica_abandoned_total")})`, legend: "given up", colour: RED },
        ],
        { fill: 8, min: 0 },
      ),
      lines(
        {
          title: "Waiting by queue",
          says: "How many contacts waited in each queue.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No queue is known yet",
        },
        [{ expr: `sum by (queue) (${q.of("tablica_waiting")})`, legend: "{{queue}}" }],
        { stacked: true, min: 0 },
      ),
      states(
        {
          title: "Channel feeds",
          says: "Whether the events of each channel come in. Silent: nothing comes although it should; no data: nothing has ever come.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No channel is in the config",
          alerts: ["ChannelFeedSilent"],
        },
        feeds(q),
        FEED_WORDS,
      ),
    ];
  },
  rows: (q) => [
    {
      title: "What is about to go wrong",
      panels: [
        lines(
          {
            title: "Promises at risk and overdue",
            says: "Open promises past their policy's warning share of the time, and past all of it.",
            unit: "none",
            w: 12,
            h: 8,
            nothing: "No policy is in the config",
            alerts: ["PolicyAtRisk", "PolicyOverdue"],
          },
          openLines(q, ["at_risk", "breached"]),
          { stacked: true, min: 0 },
        ),
        agentsByState(
          {
            title: "Agents by state",
            says: "How many agents were in which state.",
            w: 12,
            h: 8,
            nothing: "No channel tells of agents",
          },
          `sum by (state) (${q.of("tablica_agents", 'state!="offline"')})`,
        ),
      ],
    },
  ],
};
