// Makes a component of a JavaScript plugin: FILE WIT OUTPUT. componentize-js is the one in the
// plugin's node_modules or in those above it, or in a folder of NODE_PATH.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [file, witPath, output] = process.argv.slice(1).filter((word) => word !== "--");
const above = [];
for (let at = process.cwd(); ; at = dirname(at)) {
  above.push(join(at, "node_modules"));
  if (dirname(at) === at) break;
}
const named = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const folder = [...above, ...named]
  .map((modules) => join(modules, "@bytecodealliance/componentize-js"))
  .find((it) => existsSync(join(it, "package.json")));
if (!folder) {
  console.error("NO_COMPONENTIZE_JS");
  process.exit(1);
}
const { exports, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const own = exports?.["."] ?? exports;
const entry = own?.import ?? own?.default ?? (typeof own === "string" ? own : main);
const { componentize } = await import(pathToFileURL(join(folder, entry)).href);
const { component } = await componentize({
  sourcePath: file,
  witPath,
  worldName: "channel",
  // A plugin gets nothing but the contract.
  disableFeatures: ["random", "stdio", "clocks", "http", "fetch-event"],
});
writeFileSync(output, component);
