// The values of tiles about people's opinion and about who is first: part of what protocol.ts describes.

import type { Bar, TileValue, Tone } from "./protocol";

export interface LeaderPlace {
  /** Equal figures share one. */
  rank: number;
  name: string;
  team?: string;
  text: string;
  /** "17 of 20". */
  detail?: string;
}

export interface LeaderboardValue extends TileValue {
  /** Agent, team, the number. */
  heads?: string[];
  places?: LeaderPlace[];
  /** So many more share a place with those who are shown. */
  more?: number;
  empty?: string;
}

/** A figure among others of its tile. */
export interface FigurePart {
  text: string;
  unit?: string;
  detail?: string;
  tone?: Tone;
  word?: string;
  /** Instead of the tone's own shape. */
  icon?: string;
}

export interface QualityFigure extends FigurePart {
  name: string;
  /** Of few ratings. */
  is_few?: boolean;
}

export interface QualityDimension {
  name: string;
  text: string;
  /** How many ratings. */
  detail?: string;
  share: number;
}

export interface QualityValue extends TileValue {
  figures?: QualityFigure[];
  /** "41% of those asked answered · 52 of 130". */
  response?: string;
  /** The worst first. */
  dimensions?: QualityDimension[];
  more?: number;
  empty?: string;
}

export interface AttentionPart extends FigurePart {
  title: string;
}

export interface MoodPart {
  id: string;
  word: string;
  text: string;
  share: number;
}

export interface AttentionValue extends TileValue {
  /** Of the last full hour. */
  mentions?: AttentionPart;
  mood?: { title: string; parts: MoodPart[]; empty?: string };
  /** Unanswered posts, and the oldest of them. */
  waiting?: AttentionPart[];
  empty?: string;
}

export interface ReachabilityValue extends TileValue {
  total?: { text: string; words: string };
  /** The worst first. */
  rows?: Bar[];
  more?: number;
  empty?: string;
}
