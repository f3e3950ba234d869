// Builds the wall to one classic script and one style sheet, and stamps the shell page with
// the build's id. The server serves dist/ as it is: `wall.html` for /wall/{board}, the rest
// under /assets/.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { compress } from "./compress.ts";

// webOS 4 is Chromium 53, Tizen 4 is 56. The syntax is held to ES2015, which both have in full.
const OLDEST_BROWSER = "chrome53";
const OLDEST_SYNTAX = "es2015";

/** Writes wall.html, sw.js and build.txt with an id that changes when any file of the front end does. */
function stamp(): Plugin {
  return {
    name: "tablica-stamp",
    generateBundle(_options, bundle) {
      const shell = readFileSync(new URL("wall.html", import.meta.url), "utf8");
      const worker = readFileSync(new URL("src/offline/worker.js", import.meta.url), "utf8");
      const hash = createHash("sha256").update(shell).update(worker);
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name];
        if (file) hash.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      const build = hash.digest("hex").slice(0, 12);
      const source = shell.replaceAll("%BUILD%", build);
      this.emitFile({ type: "asset", fileName: "wall.html", source });
      this.emitFile({ type: "asset", fileName: "build.txt", source: `${build}\n` });
      this.emitFile({ type: "asset", fileName: "sw.js", source: worker.replaceAll("%BUILD%", build) });
      // The fonts' licence asks to travel with them.
      const licence = readFileSync(new URL("node_modules/@fontsource/inter/LICENSE", import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName: "fonts/LICENSE.txt", source: licence });
    },
  };
}

export default defineConfig({
  // Relative: a proxy may show the server below a path of its own.
  base: "./",
  publicDir: false,
  plugins: [stamp(), compress()],
  build: {
    target: [OLDEST_BROWSER, OLDEST_SYNTAX],
    cssTarget: OLDEST_BROWSER,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: "src/main.tsx",
      output: {
        format: "iife",
        entryFileNames: "wall.js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "wall.css" : "fonts/[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
