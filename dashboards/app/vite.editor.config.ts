// Builds the editor of boards, for browsers of today: one script and one style sheet beside the wall's,
// after it. The server serves both under /assets/, and asks for them by no build: a browser asks again.
import { defineConfig } from "vite";
import { compress } from "./compress.ts";

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [compress()],
  build: {
    target: "es2022",
    cssCodeSplit: false,
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: "src/editor/main.tsx",
      output: { format: "iife", entryFileNames: "editor.js", assetFileNames: "editor.css" },
    },
  },
} as Parameters<typeof defineConfig>[0]);
