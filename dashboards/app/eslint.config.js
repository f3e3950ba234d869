// Looks at the built script, so that what the libraries call is checked as well as our own.
import compat from "eslint-plugin-compat";

// Called only where they exist; the browser test runs the page without them.
const GUARDED = [
  "Object.getOwnPropertyDescriptors", // the transpiler's helper for object spread
  "queueMicrotask", // uPlot, which else takes a promise
];

export default [
  {
    // The screens' page comes by the name of screen.js: it stands beside what serves it.
    files: ["dist/wall.js", "dist/sw.js", "dist/screen.js"],
    ...compat.configs["flat/recommended"],
    languageOptions: { ecmaVersion: 2015, sourceType: "script" },
    settings: { lintAllEsApis: true, polyfills: GUARDED },
  },
];
