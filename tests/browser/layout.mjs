// Looks at the geometry of a painted wall and answers all that is wrong with it, as sentences.

/**
 * What the site names itself may be of any length: from so many characters on it may end in an
 * ellipsis. Whatever else is cut is a fault.
 */
const MAY_BE_CUT = [
  { what: ".queue-name-words, .channel-name .text, .trend-name, .bar-name, .list .cut", from: 25 },
  { what: ".title", from: 35 },
  { what: ".subtitle, .detail, .note .text, .banner-rest, .signature", from: 40 },
  // An annotation is cut rather than cover another one.
  { what: ".trend-mark-words", from: 0 },
];
/** The smallest text on the wall at 1920×1080 (1080×1920 upright); it scales with the wall. */
const TEXT_MIN = 28;
/** The smallest figure of up to six characters in a number tile that is high enough for a large one. */
const FIGURE_MIN = 70;
const FIGURE_LENGTH = 6;
const FIGURE_TILE_HEIGHT = 240;
/** The share of a line's box above its capitals and below its digits' foot: no ink is there. */
const AIR_IN_LINE = 0.19;

export async function faultsOf(page) {
  return page.evaluate(
    ({ mayBeCut, textMin, figureMin, figureLength, figureTileHeight, airInLine }) => {
      const faults = [];
      const { innerWidth: width, innerHeight: height } = window;
      const unit = height > width ? Math.min(width / 1080, height / 1920) : Math.min(width / 1920, height / 1080);
      const root = document.documentElement;
      if (root.scrollWidth > width || root.scrollHeight > height) faults.push("the page has scroll bars");
      if (getComputedStyle(document.body).cursor !== "none") faults.push("the cursor is not hidden");

      const tiles = Array.from(document.querySelectorAll(".tile")).map((tile) => ({ tile, name: tile.dataset.tile, box: tile.getBoundingClientRect() }));
      if (tiles.length === 0) faults.push("there are no tiles");
      for (const { name, box } of tiles) {
        if (box.left < -0.5 || box.top < -0.5 || box.right > width + 0.5 || box.bottom > height + 0.5) faults.push(`tile ${name} leaves the screen`);
      }
      const overlaps = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
      tiles.forEach((one, index) => {
        for (const other of tiles.slice(index + 1)) {
          if (overlaps(one.box, other.box)) faults.push(`tiles ${one.name} and ${other.name} overlap`);
        }
      });
      const foot = Array.from(document.querySelectorAll(".banner, .signature")).reduce((sum, strip) => sum + strip.getBoundingClientRect().height, 0);
      const covered = tiles.reduce((sum, { box }) => sum + box.width * box.height, 0) / (width * (height - foot));
      if (covered < 0.96) faults.push(`only ${(covered * 100).toFixed(1)} % of the screen is used`);

      /** Where the ink of a text node is, line by line. */
      const linesOf = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return Array.from(range.getClientRects())
          .filter((line) => line.width > 0)
          .map(({ left, right, top, bottom }) => ({ left, right, top: top + (bottom - top) * airInLine, bottom: bottom - (bottom - top) * airInLine }));
      };
      /** The texts below an element, each with its lines; what is wrong with one by itself is said. */
      const textsBelow = (holder, where) => {
        const texts = [];
        const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const node = walker.currentNode;
          const element = node.parentElement;
          const style = getComputedStyle(element);
          if (!node.data.trim() || style.visibility === "hidden") continue;
          const words = `"${element.textContent}" in ${where}`;
          const size = parseFloat(style.fontSize);
          if (size < textMin * unit - 0.1) faults.push(`${words} is set in ${size} px`);
          const lines = linesOf(node);
          const isLong = mayBeCut.some(({ what, from }) => element.matches(what) && element.textContent.length >= from);
          for (let around = element; around; around = around === holder ? null : around.parentElement) {
            const clips = around === holder || getComputedStyle(around).overflowX !== "visible";
            const box = around.getBoundingClientRect();
            const isOut = lines.some((line) => line.left < box.left - 1.5 || line.right > box.right + 1.5 || line.top < box.top - 1.5 || line.bottom > box.bottom + 1.5);
            if (!clips || !isOut) continue;
            if (!isLong || around === holder) faults.push(around === holder ? `${words} stands out of it` : `${words} is cut`);
            // What is cut away cannot cover anything.
            for (const line of lines) {
              line.left = Math.max(line.left, box.left);
              line.right = Math.min(line.right, box.right);
              line.top = Math.max(line.top, box.top);
              line.bottom = Math.min(line.bottom, box.bottom);
            }
            break;
          }
          texts.push({ words: element.textContent, lines });
        }
        return texts;
      };
      const checkOverlaps = (texts, where) =>
        texts.forEach((one, index) => {
          for (const other of texts.slice(index + 1)) {
            if (one.lines.some((line) => other.lines.some((another) => overlaps(line, another)))) faults.push(`"${one.words}" and "${other.words}" overlap in ${where}`);
          }
        });

      for (const { tile, name, box } of tiles) {
        const where = `tile ${name}`;
        checkOverlaps(textsBelow(tile.querySelector(".panel"), where), where);
        const figure = tile.dataset.type === "number" ? tile.querySelector(".state-live .figure") : null;
        const isShort = figure && figure.querySelector(".digits").textContent.length <= figureLength && !tile.querySelector(".two-lines");
        const figureSize = isShort ? parseFloat(getComputedStyle(figure).fontSize) : Infinity;
        if (box.height >= figureTileHeight * unit && figureSize < figureMin * unit) faults.push(`the figure of tile ${name} is only ${figureSize} px`);
        for (const badge of tile.querySelectorAll(".badge, .gauge-words")) {
          const [shape, text] = [badge.querySelector(".shape"), badge.querySelector("span")].map((part) => part && part.getBoundingClientRect());
          if (shape && text && (text.top > shape.bottom || text.left < shape.right)) faults.push(`the badge's word is not beside its shape in ${where}`);
        }
      }
      for (const strip of document.querySelectorAll(".banner, .signature")) checkOverlaps(textsBelow(strip, "the foot"), "the foot");
      return faults;
    },
    { mayBeCut: MAY_BE_CUT, textMin: TEXT_MIN, figureMin: FIGURE_MIN, figureLength: FIGURE_LENGTH, figureTileHeight: FIGURE_TILE_HEIGHT, airInLine: AIR_IN_LINE },
  );
}
