// Looks at the geometry of a painted wall and answers all that is wrong with it, as sentences.

/** Names and annotations come from the site and may be of any length: these may end in an ellipsis. */
const MAY_BE_CUT = ".queue-name, .channel-name .text, .trend-mark-words";
/** The smallest text on the wall at 1920×1080; it scales with the wall. */
const TEXT_MIN = 20;
/** The smallest figure of up to six characters in a number tile that is high enough for a large one. */
const FIGURE_MIN = 88;
const FIGURE_LENGTH = 6;
const FIGURE_TILE_HEIGHT = 240;

export async function faultsOf(page) {
  return page.evaluate(
    ({ mayBeCut, textMin, figureMin, figureLength, figureTileHeight }) => {
      const faults = [];
      const { innerWidth: width, innerHeight: height } = window;
      const unit = Math.min(width / 1920, height / 1080);
      const root = document.documentElement;
      if (root.scrollWidth > width || root.scrollHeight > height) faults.push("the page has scroll bars");
      if (getComputedStyle(document.body).cursor !== "none") faults.push("the cursor is not hidden");

      const tiles = Array.from(document.querySelectorAll(".tile")).map((tile) => ({ tile, name: tile.dataset.tile, box: tile.getBoundingClientRect() }));
      if (tiles.length === 0) faults.push("there are no tiles");
      for (const { name, box } of tiles) {
        if (box.left < -0.5 || box.top < -0.5 || box.right > width + 0.5 || box.bottom > height + 0.5) faults.push(`tile ${name} leaves the screen`);
      }
      tiles.forEach((one, index) => {
        for (const other of tiles.slice(index + 1)) {
          const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
          const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
          if (across > 1 && down > 1) faults.push(`tiles ${one.name} and ${other.name} overlap`);
        }
      });
      const covered = tiles.reduce((sum, { box }) => sum + box.width * box.height, 0) / (width * height);
      if (covered < 0.96) faults.push(`only ${(covered * 100).toFixed(1)} % of the screen is used`);

      for (const { tile, name, box } of tiles) {
        const panel = tile.querySelector(".panel").getBoundingClientRect();
        for (const element of tile.querySelectorAll("*")) {
          const style = getComputedStyle(element);
          const hasText = Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
          if (!hasText || style.visibility === "hidden") continue;
          const words = `"${element.textContent}" in tile ${name}`;
          const size = parseFloat(style.fontSize);
          if (size < textMin * unit - 0.1) faults.push(`${words} is set in ${size} px`);
          if (!element.matches(mayBeCut) && element.scrollWidth > element.clientWidth + 1 && style.display !== "inline" && style.overflowX !== "visible") faults.push(`${words} is cut: ${element.scrollWidth} in ${element.clientWidth} px`);
          const place = element.getBoundingClientRect();
          if (place.left < panel.left - 1 || place.right > panel.right + 1 || place.top < panel.top - 1 || place.bottom > panel.bottom + 1) faults.push(`${words} stands out of its panel`);
        }
        const figure = tile.dataset.type === "number" ? tile.querySelector(".state-live .figure") : null;
        const isShort = figure && figure.querySelector(".digits").textContent.length <= figureLength;
        const figureSize = isShort ? parseFloat(getComputedStyle(figure).fontSize) : Infinity;
        if (box.height >= figureTileHeight * unit && figureSize < figureMin * unit) faults.push(`the figure of tile ${name} is only ${figureSize} px`);
      }
      return faults;
    },
    { mayBeCut: MAY_BE_CUT, textMin: TEXT_MIN, figureMin: FIGURE_MIN, figureLength: FIGURE_LENGTH, figureTileHeight: FIGURE_TILE_HEIGHT },
  );
}
