// All tile types that the wall knows. A new type is a folder and a line here.

import type { FunctionComponent } from "preact";
import type { Strings } from "../i18n/strings";
import type { BoardLayout, TileLayout, TileValue } from "../protocol";
import type { ServerClock } from "../state/serverclock";
import type { Box } from "./box";
import { ChannelStripTile } from "./tiles/channel_strip/tile";
import { ClockTile } from "./tiles/clock/tile";
import { GaugeTile } from "./tiles/gauge/tile";
import { NumberTile } from "./tiles/number/tile";
import { QueueTableTile } from "./tiles/queue_table/tile";
import { TrendTile } from "./tiles/trend/tile";

export interface TileProps<V extends TileValue = TileValue> {
  layout: TileLayout;
  /** Null until the server has said anything about this tile. */
  value: V | null;
  board: BoardLayout;
  box: Box;
  strings: Strings;
  clock: ServerClock;
}

// The type of a tile's value follows from the tile's type, which only the server knows.
type AnyTile = FunctionComponent<TileProps<never>>;

const TILES: Record<string, AnyTile> = {
  number: NumberTile,
  gauge: GaugeTile,
  trend: TrendTile,
  queue_table: QueueTableTile,
  policy_table: QueueTableTile,
  topic_table: QueueTableTile,
  channel_strip: ChannelStripTile,
  clock: ClockTile,
};

export function tileOf(type: string): FunctionComponent<TileProps> | null {
  return (TILES[type] as FunctionComponent<TileProps> | undefined) || null;
}
