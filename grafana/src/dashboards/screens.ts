// Screens: do the walls show what is so, and does any of them hang.

import type { Page } from "../dashboard.ts";
import { figure, GREEN, grid, lines, NONE_IS_WELL, PER_MINUTE, PER_SECOND, RED, states } from "../panels.ts";

const NO_NAMES = "No screen has a name: open a wall with ?screen=NAME to have it missed when it is gone";

export const screens: Page = {
  uid: "tablica-screens",
  title: "Tablica / Screens",
  description: "Do the walls show what is so, and is any of them gone or frozen?",
  narrowing: [],
  board: "health",
  panels: (q) => [
    figure(
      {
        title: "Screens connected",
        says: "Walls that are open now.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: "No screen has connected yet",
      },
      [{ expr: `sum(${q.of("tablica_screens")})` }],
    ),
    figure(
      {
        title: "Named screens gone",
        says: "Screens with a name that were connected and are not any more, within the hours that they were given.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: NO_NAMES,
        alerts: ["TablicaScreenGone"],
      },
      [
        {
          expr: `count((${q.of("tablica_screen_up")} == 0) unless on (job, instance, board, screen) (${q.of("tablica_screen_expected")} == 0)) or count(${q.of("tablica_screen_up")}) * 0`,
        },
      ],
      NONE_IS_WELL,
    ),
    figure(
      {
        title: "Oldest picture",
        says: "The age of the oldest picture on any connected screen. From 30 s on people read what is no longer true.",
        unit: "s",
        decimals: 0,
        w: 6,
        h: 4,
        nothing: "No screen is connected",
        alerts: ["TablicaScreenPictureOld"],
      },
      [{ expr: `max(${q.of("tablica_screen_picture_age_seconds")})` }],
      [[30, RED]],
    ),
    figure(
      {
        title: "Screens paired",
        says: "Screens that an operator has paired, connected or not.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: "Tablica does not report",
      },
      [{ expr: `sum(${q.of("tablica_screens_paired")})` }],
    ),
    states(
      {
        title: "Named screens",
        says: "When each screen with a name was connected.",
        unit: "none",
        w: 12,
        h: 9,
        nothing: NO_NAMES,
        alerts: ["TablicaScreenGone"],
      },
      [{ expr: `max by (board, screen) (${q.of("tablica_screen_up")})`, legend: "{{screen}} ({{board}})" }],
      { 0: { text: "gone", color: RED }, 1: { text: "connected", color: GREEN } },
    ),
    lines(
      {
        title: "Age of pictures",
        says: "How old the picture on each connected screen was. A line that climbs is a frozen browser.",
        unit: "s",
        w: 12,
        h: 9,
        nothing: "No screen is connected",
        alerts: ["TablicaScreenPictureOld"],
      },
      [
        {
          expr: `max by (board, screen) (${q.of("tablica_screen_picture_age_seconds")})`,
          legend: "{{screen}} ({{board}})",
        },
      ],
      { min: 0 },
    ),
    lines(
      {
        title: "Screens by board",
        says: "How many screens showed each board.",
        unit: "none",
        w: 12,
        h: 8,
        nothing: "No screen is connected",
      },
      [{ expr: `sum by (board) (${q.of("tablica_screens")}) > 0`, legend: "{{board}}" }],
      { stacked: true, min: 0 },
    ),
    lines(
      {
        title: "Ended and lagging",
        says: "Connections that the server ended, by why, screens that were too slow for each change, and playlists found stuck, per minute.",
        unit: PER_MINUTE,
        w: 12,
        h: 8,
        nothing: "Tablica does not report",
      },
      [
        {
          id: "closed",
          expr: `60 * sum by (reason) (${q.rate("tablica_screens_closed_total")})`,
          legend: "ended: {{reason}}",
        },
        {
          id: "lagged",
          expr: `60 * sum(${q.rate("tablica_screen_lagged_total")})`,
          legend: "too slow for each change",
        },
        { id: "turns", expr: `60 * sum(${q.rate("tablica_screen_turns_restarted_total")})`, legend: "playlist stuck" },
      ],
      { min: 0 },
    ),
  ],
  rows: (q) => [
    {
      title: "Connections, frames and pairing",
      panels: [
        lines(
          {
            title: "Connections per minute",
            says: "Connections that screens made, and those refused because server.screens_max are open.",
            unit: PER_MINUTE,
            w: 8,
            h: 8,
            nothing: "Tablica does not report",
          },
          [
            { id: "made", expr: `60 * sum(${q.rate("tablica_screen_connects_total")})`, legend: "made", colour: GREEN },
            {
              id: "refused",
              expr: `60 * sum(${q.rate("tablica_screens_refused_total")})`,
              legend: "refused",
              colour: RED,
            },
          ],
          { min: 0 },
        ),
        lines(
          {
            title: "Frames per second",
            says: "Frames sent to screens: whole pictures and changes.",
            unit: PER_SECOND,
            w: 8,
            h: 8,
            nothing: "Tablica does not report",
          },
          [{ expr: `sum by (kind) (${q.rate("tablica_screen_frames_total")})`, legend: "{{kind}}" }],
          { min: 0 },
        ),
        lines(
          {
            title: "Pairing refused",
            says: "Codes and pairings refused by a limit, per minute. Many wrong codes: somebody guesses.",
            unit: PER_MINUTE,
            w: 8,
            h: 8,
            nothing: "Tablica does not report",
          },
          [{ expr: `60 * sum by (limit) (${q.rate("tablica_pairing_refused_total")})`, legend: "{{limit}}" }],
          { min: 0 },
        ),
        grid(
          {
            title: "Pictures left out of boards",
            says: "Pictures in the boards' folder that no board can show, by why.",
            unit: "none",
            w: 24,
            h: 5,
            nothing: "No picture was left out",
          },
          { reason: "Why" },
          [
            {
              id: "left",
              title: "Pictures",
              expr: `sum by (reason) (${q.of("tablica_board_images_left_out")})`,
              unit: "none",
              above: NONE_IS_WELL,
            },
          ],
        ),
      ],
    },
  ],
};
