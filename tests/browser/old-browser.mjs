// Runs in the page before any of its scripts: takes away what Chromium 53 doesn't have, so that
// a use of it fails here as it would on the TV. What the test's own driver needs in the page
// can't be taken away; the build's checks of syntax, interfaces and styles stand for that.

export function becomeOld() {
  const missing = [
    [Object, ["entries", "values", "fromEntries", "getOwnPropertyDescriptors", "hasOwn", "groupBy"]],
    [Array.prototype, ["flat", "flatMap", "at", "findLast", "findLastIndex", "toSorted", "toReversed", "with"]],
    [String.prototype, ["padStart", "padEnd", "trimStart", "trimEnd", "matchAll", "replaceAll", "at"]],
    [Promise, ["allSettled", "any", "withResolvers"]],
    [Promise.prototype, ["finally"]],
    [Element.prototype, ["append", "prepend", "replaceChildren", "toggleAttribute", "getAnimations"]],
    [window, ["ResizeObserver", "queueMicrotask", "structuredClone", "AbortController", "requestIdleCallback", "PointerEvent"]],
    [Intl, ["PluralRules", "RelativeTimeFormat", "ListFormat", "DisplayNames", "Segmenter"]],
    [Intl.DateTimeFormat.prototype, ["formatToParts", "formatRange"]],
  ];
  for (const [owner, names] of missing) {
    for (const name of names) delete owner[name];
  }
}
