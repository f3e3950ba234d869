// The words that the server and the wall exchange over /ws/v1/boards/{board}.
// Plain data only. Every field that a newer server may add is ignored, every tile type and
// state that this build doesn't know is shown as such instead of breaking the page.

export type Tone = "good" | "warn" | "bad" | "plain";

/** What a tile's value is worth right now. */
export type TileState = "live" | "late" | "stale" | "no_data" | "not_applicable" | "concealed";

/** Common to the values of all tile types. */
export interface TileValue {
  state: TileState;
  tone?: Tone;
  /** What is missing from the value, such as "without telegram since 14:02". */
  note?: string;
  /** The rule of the tile that holds. */
  alarm?: TileAlarm;
  /** What the tone says: "below goal", "18 min late". Tone must not depend on colour. */
  word?: string;
  /** Of which of the tile's rows it is said. */
  word_of?: string;
  /** Of tiles of rows: each row's rule that has a sound or a frame. */
  alarms?: RowAlarm[];
}

/** What a rule of a tile asks of the screen; its tone and its word are the value's. */
export interface TileAlarm {
  rule: number;
  icon?: string;
  sound?: string;
  /** It sounds again after so many seconds, while it holds. */
  repeat_s?: number;
  /** No sound at this time of day. */
  quiet?: boolean;
  /** The whole screen's frame shows it. */
  flash?: boolean;
}

export interface RowAlarm extends TileAlarm {
  /** Tells the row from others. */
  row: string;
  tone: Tone;
}

/** What a rule marks in a row. */
export interface Marked {
  /** How grave the rule is that holds there. */
  raised?: Tone;
  /** Instead of the tone's own shape. */
  icon?: string;
}

/** Where a number goes, against the same time yesterday or last week. */
export interface NumberTrend {
  direction: "up" | "down" | "same";
  /** "+12%"; empty where nothing has changed. */
  text: string;
  /** "vs yesterday". */
  words: string;
  tone?: Tone;
}

export interface NumberValue extends TileValue {
  trend?: NumberTrend;
  text?: string;
  unit?: string;
  value?: number | null;
  target_text?: string;
  /** The short receipt: "833 of 1,017 in 20 s". */
  detail?: string;
}

export interface GaugeValue extends NumberValue {
  target?: number;
  min?: number;
  max?: number;
}

export interface TrendSeries {
  name: string;
  /** One value per step; null is a gap. */
  values: (number | null)[];
}

/** A campaign, a release, an outage: what may explain the lines. */
export interface TrendMark {
  kind: string;
  text: string;
  from_ms: number;
  /** Absent for a moment. */
  to_ms?: number;
}

export interface TrendValue extends TileValue {
  from_ms?: number;
  step_ms?: number;
  series?: TrendSeries[];
  text?: string;
  /** What the axis counts: "per minute". */
  axis?: string;
  /** The goal, on the axis, and in words. */
  target?: number;
  target_text?: string;
  /** The first line a day or a week before. */
  earlier?: TrendSeries;
  /** The newest few, by time. */
  marks?: TrendMark[];
  /** How many more there were. */
  more_marks?: number;
}

export interface QueueColumn {
  id: string;
  title: string;
}

export interface QueueCell {
  text: string;
  tone?: Tone;
  /** Instead of the tone's own shape. */
  icon?: string;
}

export interface QueueRow {
  name: string;
  cells: QueueCell[];
  /** How grave the rule is that holds in it. */
  raised?: Tone;
  /** Always in view, whatever page the others are turned to. */
  pinned?: boolean;
}

export interface QueueTableValue extends TileValue {
  columns?: QueueColumn[];
  rows?: QueueRow[];
  /** Queues that the server left out. */
  more?: number;
}

export type Health = "live" | "late" | "silent" | "no_data";
/** Why a feed is as it is; the first two are of live ones. */
export type FeedWhy =
  | "closed"
  | "usual"
  | "silence"
  | "gap"
  | "file"
  | "documents"
  | "requests"
  | "link"
  | "plugin"
  | "network"
  | "webhook";

export interface ChannelEntry {
  name: string;
  title: string;
  network?: string;
  health: Health;
  why?: FeedWhy;
  /** Since when it is late or silent. */
  since_ms?: number;
  last_event_ms?: number | null;
  text?: string;
  volume?: string;
}

export interface ChannelStripValue extends TileValue {
  channels?: ChannelEntry[];
}

export interface WaitingRow extends Marked {
  /** A few letters that tell the contact from others. */
  mark: string;
  channel: string;
  queue: string;
  since?: string;
  waits: string;
  /** "4 min left", "18 min late". */
  due: string;
  tone?: Tone;
}

export interface WaitingListValue extends TileValue {
  /** Contact, channel, queue, waits, answer due. */
  heads?: string[];
  rows?: WaitingRow[];
  more?: number;
  /** What is said when nobody waits. */
  empty?: string;
}

export interface PromiseRow extends Marked {
  policy: string;
  queue: string;
  count: number;
  due: string;
  tone?: Tone;
}

export interface MissedRow {
  policy: string;
  queue: string;
  count: number;
}

export interface PromisesAtRiskValue extends TileValue {
  /** Promise, queue, answer due. */
  heads?: string[];
  rows?: PromiseRow[];
  missed_title?: string;
  missed?: MissedRow[];
  missed_count?: number;
  empty?: string;
}

export interface AgentCount {
  status: string;
  word: string;
  count: number;
}

export interface AgentEntry extends Marked {
  name: string;
  status: string;
  /** What they do, or why they pause. */
  word: string;
  time: string;
}

export interface AgentsValue extends TileValue {
  counts?: AgentCount[];
  people?: AgentEntry[];
  more?: number;
  empty?: string;
}

export interface Bar extends Marked {
  name: string;
  text: string;
  tone?: Tone;
  /** Of the longest, 0..1. */
  share: number;
  /** "3% of 402". */
  detail?: string;
}

export interface BarsValue extends TileValue {
  bars?: Bar[];
  more?: number;
}

export interface HeatCell {
  /** Absent where nothing is known. */
  text?: string;
  /** Of the largest, 0..1. */
  level?: number;
  tone?: Tone;
}

export interface HeatRow {
  /** "Mon". */
  day: string;
  cells: HeatCell[];
}

export interface HeatMapValue extends TileValue {
  from_hour?: number;
  /** Monday first. */
  rows?: HeatRow[];
}

export interface MessageLine {
  kind: string;
  /** It stands first, and with a mark. */
  important?: boolean;
  /** "Outage"; absent where the kind says nothing. */
  word?: string;
  text: string;
  since?: string;
  until?: string;
}

export interface MessageValue extends TileValue {
  messages?: MessageLine[];
  more?: number;
  empty?: string;
}

export interface TextValue extends TileValue {
  lines?: string[];
}

export interface CountdownValue extends TileValue {
  to_ms?: number;
  /** What is said when it is over. */
  done?: string;
}

export interface StaffingColumn {
  /** "now", "15:00". */
  from: string;
  /** Absent where that is not known. */
  needed?: number;
  /** Of the highest, 0..1. */
  level: number;
}

export interface StaffingValue extends TileValue {
  present?: number;
  present_word?: string;
  needed_word?: string;
  /** Where the line of those who are present stands, of the highest column. */
  level?: number;
  columns?: StaffingColumn[];
}

export interface HealthRow {
  id: string;
  title: string;
  text: string;
  tone: Tone;
}

export interface HealthValue extends TileValue {
  rows?: HealthRow[];
}

export interface AlertRow extends Marked {
  title: string;
  /** Its queue, channel or screen; empty where it is the server's own. */
  of: string;
  /** "18 min", "silenced". */
  lasts: string;
  tone?: Tone;
}

export interface AlertsValue extends TileValue {
  /** Alert, where, for. */
  heads?: string[];
  rows?: AlertRow[];
  more?: number;
  /** What is said where no alert holds. */
  empty?: string;
}

export interface TickerLine {
  /** "Outage"; absent where there is nothing to say before the text. */
  word?: string;
  text: string;
  tone?: Tone;
}

export interface TickerValue extends TileValue {
  lines?: TickerLine[];
  empty?: string;
}

export interface ImageValue extends TileValue {
  /** Beside the walls' folder; absent where there is no such picture. */
  address?: string;
  fit?: "contain" | "cover";
  empty?: string;
}

export interface PageValue extends TileValue {
  /** Absent where the server does not allow its host. */
  url?: string;
  empty?: string;
  /** Who may show it, as its server says in `frame-ancestors`; absent where everybody may. */
  frames?: string[];
  /** What is said where the wall is none of them. */
  forbidden?: string;
}

export interface TileLayout {
  id: string;
  type: string;
  x: number;
  y: number;
  w: number;
  h: number;
  title?: string;
  subtitle?: string;
  kpi?: string;
  /** There is a page that says how its figures are made. */
  receipt?: boolean;
  /** What its gravest alarm plays. */
  sound?: string;
}

export interface BoardLayout {
  id: string;
  title: string;
  /** Whose contact center it is. */
  site?: string;
  columns: number;
  rows: number;
  language?: string;
  time_zone?: string;
  /** What to add to UTC to get the site's wall-clock time. */
  utc_offset_ms?: number;
  /** The past is shown again, so many times as fast as it was. */
  replay_speed?: number;
  /** What must be known of the server itself, in a sentence: its clock jumped, numbers are counted anew. */
  notice?: string;
  /** Its colours: view/themes.ts. */
  theme?: string;
  tiles: TileLayout[];
}

export type Tiles = Record<string, TileValue>;

/** Where a picture stands: its server run and the number of its last change. */
export interface Position {
  epoch: string;
  seq: number;
}

interface Frame extends Position {
  at_ms: number;
}

export interface SnapshotFrame extends Frame {
  type: "snapshot";
  build?: string;
  board: BoardLayout;
  tiles: Tiles;
}

export interface DeltaFrame extends Frame {
  type: "delta";
  prev: number;
  tiles: Tiles;
}

export interface HeartbeatFrame extends Frame {
  type: "heartbeat";
}

export interface ResumedFrame extends Frame {
  type: "resumed";
}

export type ServerFrame = SnapshotFrame | DeltaFrame | HeartbeatFrame | ResumedFrame;

export interface PaintedFrame extends Position {
  type: "painted";
}

/** Reads a frame; null when it is of a type that this build doesn't know. Throws on malformed text. */
export function parseFrame(text: string): ServerFrame | null {
  const frame = JSON.parse(text) as ServerFrame;
  switch (frame.type) {
    case "snapshot":
      if (!frame.board || !Array.isArray(frame.board.tiles) || !frame.tiles) throw new Error("snapshot without board");
      break;
    case "delta":
      if (!frame.tiles || typeof frame.prev !== "number") throw new Error("delta without tiles");
      break;
    case "heartbeat":
    case "resumed":
      break;
    default:
      return null;
  }
  if (typeof frame.epoch !== "string" || typeof frame.seq !== "number") throw new Error("frame without position");
  return frame;
}
