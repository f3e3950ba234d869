// One channel: do its events come in, what comes by it, and how does its plugin fare.

import type { Page } from "../dashboard.ts";
import { bars, BLUE, figure, GREEN, lines, NONE_IS_WELL, PER_MINUTE, RED, states } from "../panels.ts";
import { FEED_WORDS, feeds } from "./feeds.ts";

export const channel: Page = {
  uid: "tablica-channel",
  title: "Tablica / Channel",
  description: "Do the events of this channel come in, and is what they say understood? Choose the channel above.",
  narrowing: ["channel", "queue"],
  board: "health",
  panels: (q) => {
    const last = q.of("tablica_channel_last_event_timestamp_seconds");
    const limit = q.of("tablica_channel_silent_after_seconds");
    return [
      states(
        {
          title: "Feed",
          says: "Whether the channel's events come in. Silent: nothing comes although it is open and something should.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No such channel is in the config",
          alerts: ["ChannelFeedSilent"],
        },
        feeds(q),
        FEED_WORDS,
      ),
      bars(
        {
          title: "Since the last event",
          says: "How long ago each channel's last event came: red once that is longer than its silent_after. A closed channel may be quiet for as long as it likes.",
          unit: "s",
          decimals: 0,
          w: 6,
          h: 9,
          nothing: "No event has come yet",
          alerts: ["ChannelFeedSilent"],
        },
        [
          {
            id: "fresh",
            expr: `max by (channel) ((time() - ${last}) <= on (job, instance, channel) ${limit})`,
            legend: "{{channel}}",
          },
          {
            id: "old",
            expr: `max by (channel) ((time() - ${last}) > on (job, instance, channel) ${limit})`,
            legend: "{{channel}}",
          },
        ],
      ).overrideByQuery("old", [{ id: "color", value: { mode: "fixed", fixedColor: RED } }]),
      figure(
        {
          title: "Set aside",
          says: "In the time shown: inputs that the plugin could not decode: they are in quarantine, and `tablica quarantine list` shows why.",
          unit: "none",
          decimals: 0,
          w: 3,
          h: 9,
          nothing: "No such channel is in the config",
          alerts: ["TablicaQuarantineGrowing"],
        },
        [{ expr: `sum(${q.inRange("tablica_quarantined_total")})` }],
        NONE_IS_WELL,
      ),
      figure(
        {
          title: "Bad signatures",
          says: "In the time shown: requests whose signature was wrong or missing: a wrong secret, or somebody who tries.",
          unit: "none",
          decimals: 0,
          w: 3,
          h: 9,
          nothing: "No such channel is in the config",
          alerts: ["TablicaSignatureFailures"],
        },
        [{ expr: `sum(${q.inRange("tablica_signature_failures_total")})` }],
        NONE_IS_WELL,
      ),
      lines(
        {
          title: "Events per minute",
          says: "Events that each channel brought: what its contacts are made of.",
          unit: PER_MINUTE,
          w: 12,
          h: 8,
          nothing: "No event has come yet",
        },
        [{ expr: `60 * sum by (channel) (${q.rate("tablica_events_total")})`, legend: "{{channel}}" }],
        { min: 0 },
      ),
      lines(
        {
          title: "Contacts per minute",
          says: "Contacts that came by these channels, and what became of them.",
          unit: PER_MINUTE,
          w: 12,
          h: 8,
          nothing: "No contact has come yet",
        },
        [
          { id: "offered", expr: `60 * sum(${q.rate("tablica_offered_total")})`, legend: "offered", colour: BLUE },
          { id: "answered", expr: `60 * sum(${q.rate("tablica_answered_total")})`, legend: "answered", colour: GREEN },
          { id: "abandoned", expr: `60 * sum(${q.rate("tablica_abandoned_total")})`, legend: "given up", colour: RED },
        ],
        { fill: 8, min: 0 },
      ),
      lines(
        {
          title: "Not taken",
          says: "Inputs per minute that did not become events: turned away to be sent again, set aside, refused, or not written.",
          unit: PER_MINUTE,
          w: 12,
          h: 8,
          nothing: "Everything was taken",
          alerts: ["TablicaQuarantineGrowing", "TablicaSignatureFailures", "TablicaPluginResting"],
        },
        [
          {
            expr: `60 * sum by (channel) (${q.rate("tablica_quarantined_total")}) > 0`,
            legend: "{{channel}} set aside",
          },
          {
            expr: `60 * sum by (channel) (${q.rate("tablica_signature_failures_total")}) > 0`,
            legend: "{{channel}} signature refused",
          },
          { expr: `60 * sum by (channel) (${q.rate("tablica_mailbox_busy_total")}) > 0`, legend: "{{channel}} busy" },
          {
            expr: `60 * sum by (channel) (${q.rate("tablica_plugin_unavailable_total")}) > 0`,
            legend: "{{channel}} plugin rests",
          },
          {
            expr: `60 * sum by (channel) (${q.rate("tablica_channel_appends_failed_total")}) > 0`,
            legend: "{{channel}} not written",
          },
        ],
        { min: 0 },
      ),
      bars(
        {
          title: "Unanswered",
          says: "Open contacts of each channel that no human has answered yet.",
          unit: "none",
          w: 12,
          h: 8,
          nothing: "No contact has come yet",
          more: { title: "Unanswered", uid: "tablica-unanswered" },
        },
        [{ expr: `sort_desc(sum by (channel) (${q.of("tablica_unanswered")}))`, legend: "{{channel}}" }],
      ),
    ];
  },
  rows: (q) => [
    {
      title: "Plugin",
      panels: [
        lines(
          {
            title: "Time of a call",
            says: "99 of 100 calls into the plugin were shorter than this.",
            unit: "s",
            w: 8,
            h: 8,
            nothing: "The plugin was not called",
          },
          [{ expr: q.quantile(0.99, "tablica_plugin_call_seconds", ["channel"]), legend: "{{channel}}" }],
          { min: 0 },
        ),
        lines(
          {
            title: "Memory",
            says: "Memory of each plugin's instance.",
            unit: "bytes",
            w: 8,
            h: 8,
            nothing: "No plugin runs",
          },
          [{ expr: `max by (channel) (${q.of("tablica_plugin_memory_bytes")})`, legend: "{{channel}}" }],
          { min: 0 },
        ),
        lines(
          {
            title: "Failures",
            says: "Instances that were lost to a trap or a limit, and rests that a plugin was given for failing too often, per minute.",
            unit: PER_MINUTE,
            w: 8,
            h: 8,
            nothing: "No plugin runs",
            alerts: ["TablicaPluginResting"],
          },
          [
            {
              id: "lost",
              expr: `60 * sum by (channel) (${q.rate("tablica_plugin_instances_lost_total")})`,
              legend: "{{channel}} lost",
            },
            {
              id: "rest",
              expr: `60 * sum by (channel) (${q.rate("tablica_plugin_breaker_opened_total")})`,
              legend: "{{channel}} given a rest",
              dashed: true,
            },
          ],
          { min: 0 },
        ),
      ],
    },
    {
      title: "Connections, limits and what the network says",
      panels: [
        lines(
          {
            title: "Connections",
            says: "Connections that plugins asked for, by where they stand.",
            unit: "none",
            w: 8,
            h: 8,
            nothing: "No plugin here keeps a connection of its own",
          },
          [{ expr: `sum by (channel, state) (${q.of("tablica_channel_links")})`, legend: "{{channel}} {{state}}" }],
          { min: 0 },
        ),
        lines(
          {
            title: "Limits hit",
            says: "Times per minute that a limit of the channel made its plugin wait or refused a command.",
            unit: PER_MINUTE,
            w: 8,
            h: 8,
            nothing: "No channel is in the config",
          },
          [
            {
              expr: `60 * sum by (channel, limit) (${q.rate("tablica_channel_limited_total")}) > 0`,
              legend: "{{channel}} {{limit}}",
            },
          ],
          { min: 0 },
        ),
        bars(
          {
            title: "What the network counts",
            says: "Figures that networks tell in their own words; they are part of no other figure here.",
            unit: "none",
            w: 8,
            h: 8,
            nothing: "No network here tells figures of its own",
          },
          [
            {
              expr: `max by (channel, queue, name) (${q.of("tablica_network_reported")})`,
              legend: "{{channel}} {{queue}} {{name}}",
            },
          ],
        ),
      ],
    },
    {
      title: "Corrected on the way in",
      panels: [
        lines(
          {
            title: "Duplicates and clocks",
            says: "Events per minute that had been seen before, and whose time lay in the future and was set to the host's.",
            unit: PER_MINUTE,
            w: 12,
            h: 8,
            nothing: "No channel is in the config",
          },
          [
            {
              id: "again",
              expr: `60 * sum by (channel) (${q.rate("tablica_events_duplicate_total")})`,
              legend: "{{channel}} seen before",
            },
            {
              id: "future",
              expr: `60 * sum by (channel) (${q.rate("tablica_events_clamped_total")})`,
              legend: "{{channel}} from the future",
              dashed: true,
            },
          ],
          { min: 0 },
        ),
        lines(
          {
            title: "Texts and answers",
            says: "Messages per minute looked at only in part for topics, topics left out, commands and answers of the plugin that were not let through as they were.",
            unit: PER_MINUTE,
            w: 12,
            h: 8,
            nothing: "Nothing was cut, left out or changed",
          },
          [
            {
              expr: `60 * sum by (channel) (${q.rate("tablica_texts_cut_total")}) > 0`,
              legend: "{{channel}} text cut",
            },
            {
              expr: `60 * sum by (channel) (${q.rate("tablica_topic_tags_left_out_total")}) > 0`,
              legend: "{{channel}} topics left out",
            },
            {
              expr: `60 * sum by (channel) (${q.rate("tablica_plugin_commands_refused_total")}) > 0`,
              legend: "{{channel}} command refused",
            },
            {
              expr: `60 * sum by (channel) (${q.rate("tablica_replies_changed_total")}) > 0`,
              legend: "{{channel}} answer changed",
            },
          ],
          { min: 0 },
        ),
      ],
    },
  ],
};
