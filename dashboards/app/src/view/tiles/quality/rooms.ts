// How a quality tile's height is shared out: the figures first, then the answer rate, then what is rated.

/** In units; the style sheet has the response's. */
const FIGURES_LEAST = 150;
/** Of a word beside a colour: of how many ratings a figure is stands there all the same. */
const WORD = 36;
const FIGURES_MOST = 250;
const RESPONSE = 44;
const ROW = 50;
const ROWS_MARGIN = 10;

export interface Rooms {
  figures: number;
  /** 0 where there is no room. */
  response: number;
  dimensions: number;
}

export function roomsFor(height: number, figures: number, hasResponse: boolean, dimensions: number, hasWord = false): Rooms {
  const smallest = FIGURES_LEAST + (hasWord ? WORD : 0);
  if (figures === 0) return { figures: 0, response: 0, dimensions: height };
  const response = hasResponse && height - RESPONSE >= smallest ? RESPONSE : 0;
  // As large as every row of what is rated allows.
  const wanted = height - response - ROWS_MARGIN - dimensions * ROW;
  const least = Math.min(height - response, Math.max(smallest, Math.min(FIGURES_MOST, wanted)));
  const left = height - response - least - ROWS_MARGIN;
  if (dimensions === 0 || left < ROW) return { figures: height - response, response, dimensions: 0 };
  return { figures: least, response, dimensions: left };
}
