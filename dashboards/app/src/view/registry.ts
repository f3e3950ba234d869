// All tile types that the wall knows. A new type is a folder and a line here.

import type { FunctionComponent } from "preact";
import type { Strings } from "../i18n/strings";
import type { BoardLayout, TileLayout, TileValue } from "../protocol";
import type { ServerClock } from "../state/serverclock";
import type { Box } from "./box";
import { AgentsTile } from "./tiles/agents/tile";
import { AlertsTile } from "./tiles/alerts/tile";
import { AttentionTile } from "./tiles/attention/tile";
import { BarsTile } from "./tiles/bars/tile";
import { ChannelStripTile } from "./tiles/channel_strip/tile";
import { ChannelTableTile } from "./tiles/channel_table/tile";
import { ClockTile } from "./tiles/clock/tile";
import { CountdownTile } from "./tiles/countdown/tile";
import { GaugeTile } from "./tiles/gauge/tile";
import { HealthTile } from "./tiles/health/tile";
import { HeatMapTile } from "./tiles/heat_map/tile";
import { LeaderboardTile } from "./tiles/leaderboard/tile";
import { ImageTile } from "./tiles/image/tile";
import { MessageTile } from "./tiles/message/tile";
import { NumberTile } from "./tiles/number/tile";
import { PageTile } from "./tiles/page/tile";
import { PromisesAtRiskTile } from "./tiles/promises_at_risk/tile";
import { QualityTile } from "./tiles/quality/tile";
import { QueueTableTile } from "./tiles/queue_table/tile";
import { ReachabilityTile } from "./tiles/reachability/tile";
import { StaffingTile } from "./tiles/staffing/tile";
import { TextTile } from "./tiles/text/tile";
import { TickerTile } from "./tiles/ticker/tile";
import { TrendTile } from "./tiles/trend/tile";
import { WaitingListTile } from "./tiles/waiting_list/tile";

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
  waiting_list: WaitingListTile,
  agents: AgentsTile,
  bars: BarsTile,
  channel_table: ChannelTableTile,
  promises_at_risk: PromisesAtRiskTile,
  heat_map: HeatMapTile,
  message: MessageTile,
  text: TextTile,
  countdown: CountdownTile,
  leaderboard: LeaderboardTile,
  quality: QualityTile,
  attention: AttentionTile,
  reachability: ReachabilityTile,
  staffing: StaffingTile,
  health: HealthTile,
  alerts: AlertsTile,
  ticker: TickerTile,
  image: ImageTile,
  page: PageTile,
};

export function tileOf(type: string): FunctionComponent<TileProps> | null {
  return (TILES[type] as FunctionComponent<TileProps> | undefined) || null;
}
