// Fails when the built style sheet uses a feature that the oldest browser lacks.
// Usage: node checks/css.mjs FILE.css
import { readFileSync } from "node:fs";
import doiuse from "doiuse";
import postcss from "postcss";

const BROWSERS = ["chrome 53"];
// What an old browser ignores without harm, or knows as far as we use it, each with the reason.
const HARMLESS = [
  "css-font-rendering-controls", // font-display: an old browser shows the fallback font while ours loads
  "font-family-system-ui", // an old browser takes the next family of the list
  "css-overflow", // only `clip` and two values are new; TOO_NEW looks for them
];
// What the database of browser features doesn't tell apart: property, value, or both.
const TOO_NEW = [
  { property: /^overflow/, value: /clip|\s/ },
  { property: /^(aspect-ratio|inset|place-|row-gap|column-gap|gap|translate|rotate|scale|accent-color)/ },
  { value: /\b(color-mix|oklch|oklab|lab|lch|env)\(|\bdvh\b|\bsvh\b|\brgba?\([^),]* [^),]* / },
];

const file = process.argv[2];
const root = postcss.parse(readFileSync(file, "utf8"), { from: file });
const found = [];
root.walkDecls((declaration) => {
  for (const { property, value } of TOO_NEW) {
    if (property && !property.test(declaration.prop)) continue;
    if (value && !value.test(declaration.value)) continue;
    found.push(declaration.error(`${declaration.prop}: ${declaration.value} is too new`).message);
  }
});
const check = doiuse({ browsers: BROWSERS, ignore: HARMLESS, onFeatureUsage: (usage) => found.push(usage.message) });
await postcss([check]).process(root, { from: file });
for (const message of found) console.error(message);
if (found.length > 0) process.exit(1);
console.log(`${file}: every feature is known to ${BROWSERS.join(", ")}`);
