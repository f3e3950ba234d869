// One queue: is it in time, who waits, what came and went, how long it took.

import type { Page } from "../dashboard.ts";
import {
  againstGoal,
  bars,
  BLUE,
  buckets,
  CLOCK,
  figure,
  GREEN,
  GREY,
  lines,
  ORANGE,
  PER_MINUTE,
  RED,
} from "../panels.ts";

export const queue: Page = {
  uid: "tablica-queue",
  title: "Tablica / Queue",
  description: "Is this queue in time, who waits, and how did it come to be so? Choose the queue above.",
  narrowing: ["channel", "queue"],
  one: "queue",
  board: "floor",
  panels: (q) => {
    const goal = q.of("tablica_queue_goal_ratio");
    const nothing = "No contact of this queue was decided";
    const decided = `sum by (queue) (${q.of("job_instance_queue:tablica_sl_decided:increase15m")})`;
    const ratio = `sum by (queue) (${q.of("job_instance_queue:tablica_sl_in_time:increase15m")}) / (${decided} > 0)`;
    return [
      againstGoal(
        {
          title: "In time, 15 min",
          says: "Share of contacts in time over the last 15 minutes, by the queue's own formula: green at the goal, red below it.",
          unit: "percentunit",
          decimals: 0,
          w: 6,
          h: 5,
          nothing: `${nothing} in the last 15 minutes`,
          alerts: ["ServiceLevelBelowGoal"],
        },
        q.of("job_instance_queue:tablica_service_level:ratio15m"),
        goal,
        "queue",
      ),
      againstGoal(
        {
          title: "In time today",
          says: "Share of contacts in time since the day began: green at the goal, red below it.",
          unit: "percentunit",
          decimals: 0,
          w: 6,
          h: 5,
          nothing: `${nothing} today`,
          more: { title: "Promises and budgets", uid: "tablica-promises" },
        },
        q.of("tablica_service_level_ratio", 'window="today"'),
        goal,
        "queue",
      ),
      figure(
        {
          title: "Waiting now",
          says: "Contacts that wait in the queue at this moment.",
          unit: "none",
          w: 6,
          h: 5,
          nothing: "The queue is not known yet",
        },
        [{ expr: `sum by (queue) (${q.of("tablica_waiting")})` }],
      ),
      figure(
        {
          title: "Longest caller",
          says: "How long the caller in line who waits longest has waited, in open hours; 0 when nobody waits.",
          unit: CLOCK,
          w: 3,
          h: 5,
          nothing: "The queue is not known yet",
          alerts: ["CallerWaitsTooLong"],
        },
        [{ expr: `max by (queue) (${q.of("tablica_longest_caller_seconds")})` }],
      ),
      figure(
        {
          title: "Oldest message",
          says: "How long the customer in writing who waits longest for a reply has waited, in open hours; 0 when nobody does.",
          unit: CLOCK,
          w: 3,
          h: 5,
          nothing: "The queue is not known yet",
          alerts: ["MessageWaitsTooLong"],
        },
        [{ expr: `max by (queue) (${q.of("tablica_oldest_message_seconds")})` }],
      ),
      lines(
        {
          title: "In time against goal",
          says: "Share in time over the last 15 minutes, and the goal (dashed).",
          unit: "percentunit",
          w: 12,
          h: 9,
          nothing: `${nothing} in the last 15 minutes`,
          alerts: ["ServiceLevelBelowGoal"],
        },
        [
          { id: "level", expr: ratio, legend: "in time", colour: GREEN },
          { id: "goal", expr: `max by (queue) (${goal})`, legend: "goal", colour: GREY, dashed: true },
        ],
        { min: 0, max: 1 },
      ),
      lines(
        {
          title: "Contacts per minute",
          says: "Contacts that came, and what became of them.",
          unit: PER_MINUTE,
          w: 12,
          h: 9,
          nothing: "No contact has come yet",
          alerts: ["AbandonedMany"],
        },
        [
          { id: "offered", expr: `60 * sum(${q.rate("tablica_offered_total")})`, legend: "offered", colour: BLUE },
          { id: "answered", expr: `60 * sum(${q.rate("tablica_answered_total")})`, legend: "answered", colour: GREEN },
          { id: "abandoned", expr: `60 * sum(${q.rate("tablica_abandoned_total")})`, legend: "given up", colour: RED },
          {
            id: "flowed",
            expr: `60 * sum(${q.rate("tablica_flowed_out_total")})`,
            legend: "flowed out",
            colour: ORANGE,
          },
        ],
        { fill: 8, min: 0 },
      ),
      lines(
        {
          title: "Waiting and unanswered",
          says: "Contacts in line, and open contacts that no human has answered yet.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "The queue is not known yet",
        },
        [
          { id: "waiting", expr: `sum by (queue) (${q.of("tablica_waiting")})`, legend: "waiting", colour: ORANGE },
          {
            id: "unanswered",
            expr: `sum by (queue) (${q.of("tablica_unanswered")})`,
            legend: "unanswered",
            colour: BLUE,
          },
        ],
        { min: 0 },
      ),
      lines(
        {
          title: "How long answered callers waited",
          says: "Half of the answered calls waited less than the lower line, nine of ten less than the upper.",
          unit: "s",
          w: 12,
          h: 9,
          nothing: "No call was answered: the queue has none, or nobody answers",
        },
        [
          { id: "half", expr: q.quantile(0.5, "tablica_answer_wait_seconds", ["queue"]), legend: "half", colour: BLUE },
          {
            id: "most",
            expr: q.quantile(0.9, "tablica_answer_wait_seconds", ["queue"]),
            legend: "nine of ten",
            colour: ORANGE,
            dashed: true,
          },
        ],
        { min: 0 },
      ),
    ];
  },
  rows: (q) => [
    {
      title: "Written contacts",
      panels: [
        lines(
          {
            title: "How long the first reply took",
            says: "Half of the written contacts had a human reply sooner than the lower line, nine of ten sooner than the upper.",
            unit: "s",
            w: 12,
            h: 9,
            nothing: "No written contact was replied to",
          },
          [
            {
              id: "half",
              expr: q.quantile(0.5, "tablica_first_response_seconds", ["queue"]),
              legend: "half",
              colour: BLUE,
            },
            {
              id: "most",
              expr: q.quantile(0.9, "tablica_first_response_seconds", ["queue"]),
              legend: "nine of ten",
              colour: ORANGE,
              dashed: true,
            },
          ],
          { min: 0 },
        ),
        bars(
          {
            title: "Unanswered by channel",
            says: "Open contacts without a human answer, by the channel they came on.",
            unit: "none",
            w: 12,
            h: 9,
            nothing: "No contact has come yet",
            more: { title: "Unanswered", uid: "tablica-unanswered" },
          },
          [{ expr: `sort_desc(sum by (channel) (${q.of("tablica_unanswered")}))`, legend: "{{channel}}" }],
        ),
      ],
    },
    {
      title: "Distribution of waits",
      panels: [
        buckets(
          {
            title: "Waits of answered calls",
            says: "How many answered calls waited how long: the darker, the more. A bucket ends exactly at the queue's promise.",
            unit: PER_MINUTE,
            w: 12,
            h: 9,
            nothing: "No call was answered",
          },
          `60 * sum by (le) (${q.rate("tablica_answer_wait_seconds_bucket")})`,
        ),
        buckets(
          {
            title: "Times to the first reply",
            says: "How many written contacts were first replied to after how long: the darker, the more.",
            unit: PER_MINUTE,
            w: 12,
            h: 9,
            nothing: "No written contact was replied to",
          },
          `60 * sum by (le) (${q.rate("tablica_first_response_seconds_bucket")})`,
        ),
      ],
    },
  ],
};
