// A TV's Intl may be missing, or throw at the locale or time zone that the TV itself claims. The wall
// needs none of it, but a library calls it while it loads, and would leave the page blank. Imported
// before everything else.

interface Formatter {
  format(value?: unknown): string;
  resolvedOptions(): { locale: string; timeZone: string };
}

type Maker = new (locales?: unknown, options?: unknown) => Formatter;

const own = (window as unknown as { Intl?: Record<string, Maker> }).Intl;

if (!works()) {
  const guarded = { NumberFormat: guard("NumberFormat", String), DateTimeFormat: guard("DateTimeFormat", () => "") };
  Object.defineProperty(window, "Intl", { configurable: true, writable: true, value: Object.assign({}, own, guarded) });
}

/** Does what the libraries do. */
function works(): boolean {
  try {
    new Intl.NumberFormat(navigator.language).format(1);
    return Boolean(new Intl.DateTimeFormat(navigator.language).resolvedOptions());
  } catch (_broken) {
    return false;
  }
}

/** The browser's own as far as it works: as asked, else in its own locale, else without any. */
function guard(name: string, plain: (value: unknown) => string) {
  return function (locales?: unknown, options?: unknown): Formatter {
    const Own = own && own[name];
    for (const attempt of [[locales, options], [undefined, options], []]) {
      try {
        if (!Own) break;
        const made = new Own(attempt[0], attempt[1]);
        if (made.resolvedOptions()) return made;
      } catch (_broken) {
        // The next one asks for less.
      }
    }
    return { format: plain, resolvedOptions: () => ({ locale: "en", timeZone: "UTC" }) };
  };
}
