// The contract in JavaScript: a plugin is `define({ … })`, with a function for each kind of input.
// Each gets the state, the input, and the time in milliseconds, and returns
// `{ events, commands, reply }`, of which it may leave out any. What it throws by `badInput`,
// `unsupported`, `config` or `later` is a failure. Any other error is a fault of the plugin, and told
// as bad input with its place: the input goes to quarantine, where it can be looked at.

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

class Failure extends Error {
  constructor(tag, val) {
    super(String(val));
    this.failure = { tag, val };
  }
}

/** These bytes are not what the network promises. */
export const badInput = (why) => new Failure("bad-input", why);
/** Well-formed, but of a kind that the plugin does not know. */
export const unsupported = (what) => new Failure("unsupported", what);
/** The operator's settings make no sense; say which key and what to write instead. */
export const config = (why) => new Failure("config", why);
/** A setting makes no sense: the host names its line in the operator's config. `setting("/scale", "…")` */
export const setting = (pointer, why) => config(`${pointer}: ${why}`);
/** A key that `settings` may not have is a misspelt one. Call it in `init`. */
export function onlySettings(settings, ...known) {
  for (const key of Object.keys(settings)) {
    if (known.includes(key)) continue;
    const may = known.length === 0 ? "the plugin has no settings" : `known are ${known.join(", ")}`;
    throw setting(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, `unknown key; ${may}`);
  }
}
/** It cannot be told yet what this means: bring it again after so many milliseconds. */
export const later = (ms) => new Failure("later", ms);

/** Bytes as text; what is no UTF-8 is bad input. */
export function text(bytes) {
  if (typeof bytes === "string") return bytes;
  try {
    return decoder.decode(bytes);
  } catch {
    throw badInput("not UTF-8");
  }
}

// Longer ones are nobody's ids, and reading them would take its time.
const INTEGER = /^-?\d{1,40}$/;

/**
 * Bytes or a text as JSON. Integers that a number cannot hold are BigInts, so that ids above 2^53
 * stay what they are; `String(id)` writes either.
 */
export function json(bytes) {
  const source = text(bytes);
  const revive = (key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && INTEGER.test(context?.source ?? "")
      ? BigInt(context.source)
      : value;
  try {
    refuseLongNumbers(source);
    return JSON.parse(KEEPS_SOURCE ? source : quoted(source), KEEPS_SOURCE ? revive : unquote);
  } catch (error) {
    throw error instanceof Failure ? error : badInput("not JSON");
  }
}

// Newer engines show a number's own digits.
const KEEPS_SOURCE = (() => {
  let seen = false;
  JSON.parse("1", (key, value, context) => {
    seen = context?.source === "1";
    return value;
  });
  return seen;
})();

// Older ones do not: integers of 16 and more digits become texts with a mark before they are read.
const MARK = "\u{f8ff}int:";
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const quoted = (source) =>
  source.replace(TOKENS, (token) =>
    token[0] !== '"' && INTEGER.test(token) && token.length > 15 ? `"${MARK}${token}"` : token,
  );
const unquote = (key, value) => {
  if (typeof value !== "string" || !value.startsWith(MARK)) return value;
  const digits = value.slice(MARK.length);
  if (!INTEGER.test(digits)) return value;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
};

// No double has as many digits, and engines read longer ones in a time that grows with their square.
const LONG = /\d{400}/;
function refuseLongNumbers(source) {
  if (!LONG.test(source)) return;
  for (const [token] of source.matchAll(TOKENS)) {
    if (token[0] !== '"' && LONG.test(token)) throw badInput("a number of hundreds of digits");
  }
}

/** A moment: milliseconds of UTC, `{ wallMs, zone }` of a clock on a wall, or nothing. */
function moment(at) {
  if (at === undefined || at === null || at === 0 || at === 0n) return { tag: "none" };
  if (typeof at === "object") return { tag: "local", val: { wallMs: BigInt(at.wallMs), zone: at.zone } };
  return { tag: "utc", val: BigInt(at) };
}

/** An event. `id` must be the same on redelivery. */
export function event({ id, at, order, refers, interaction = "", queue, agent, customer = [], kind, attrs = {} }) {
  const pairs = Object.entries(attrs).map(([name, value]) => ({ name, value: String(value) }));
  const place = order === undefined ? undefined : BigInt(order);
  return { id: String(id), at: moment(at), order: place, refers, interaction: String(interaction), queue, agent, customer, kind, attrs: pairs };
}

/** The kind of an event: `kind("queued")`, `kind("answered", { waitMs: 5n, ringMs: undefined })`. */
export const kind = (tag, val) => (val === undefined ? { tag } : { tag, val });

/** Somebody wrote. */
export function message({ medium, author, visibility = "private", text, language, sentiment = "unknown" }) {
  const length = text === undefined ? 0 : [...text].length;
  return kind("message", { medium, author, visibility, length, text, language, sentiment });
}

/** The value of a secret of plugin.toml, which the host puts in. */
export const secret = (name) => ({ tag: "secret", val: name });

const piece = (it) =>
  typeof it === "string"
    ? { tag: "bytes", val: encoder.encode(it) }
    : it instanceof Uint8Array
      ? { tag: "bytes", val: it }
      : it;
const pieces = (it) => (Array.isArray(it) ? it : [it]).map(piece);
const headerList = (headers) =>
  Object.entries(headers).map(([name, value]) => ({ name, value: pieces(value) }));

/** Ask the network; the answer has the same tag. Texts and secrets are pieces: `["Bearer ", secret("key")]`. */
export const fetch = ({ method = "get", url, headers = {}, body = [], tag = "" }) => ({
  tag: "fetch",
  val: { method, url: pieces(url), headers: headerList(headers), body: pieces(body), tag },
});

/** A header of a webhook or an answer; "" when there is none. */
export const header = ({ headers }, name) =>
  headers.find((it) => it.name.toLowerCase() === name.toLowerCase())?.value ?? "";

/** Open a link. `until`: a stream's frames end so; without it they are a WebSocket's messages. */
export const connect = ({ link, address, headers = {}, protocols = [], until }) => ({
  tag: "connect",
  val: {
    link,
    address: pieces(address),
    headers: headerList(headers),
    protocols,
    framing: until === undefined ? { tag: "messages" } : { tag: "until", val: encoder.encode(until) },
  },
});

/** Send on a link. */
export const send = ({ link, isText = false, data }) => ({ tag: "send", val: { link, isText, data: pieces(data) } });

/** Close a link. */
export const close = (link, code = 1000) => ({ tag: "close", val: { link, code } });

/** Come back after so many milliseconds. */
export const timer = (tag, afterMs) => ({ tag: "timer", val: { tag, afterMs } });

/** A line for the operator's log. */
export const log = (level, line) => ({ tag: "log", val: { level, text: line } });

const output = (it) => {
  const { events = [], commands = [], reply } = it ?? {};
  return { events, commands, reply };
};

/** Makes the plugin of functions by the names of inputs: `webhook`, `response`, `line`, `frame`, …  */
export function define({ name, version, network, state: first = {}, init, start, ...handlers }) {
  let state = structuredCopy(first);
  let given = "";
  return {
    describe: () => ({ name, version, network }),
    init(setup) {
      try {
        given = setup.snapshot?.length ? text(setup.snapshot) : "";
        state = given ? { ...structuredCopy(first), ...JSON.parse(given) } : structuredCopy(first);
        init?.(state, { ...setup, settings: JSON.parse(setup.settings) });
        return output(start?.(state, Number(setup.nowMs)));
      } catch (error) {
        throw (error instanceof Failure ? error : config(fault(error))).failure;
      }
    },
    handle: (nowMs, inputs) =>
      inputs.map(({ tag, val }) => {
        const before = JSON.stringify(state);
        try {
          return { tag: "ok", val: output(handlers[tag]?.(state, val, Number(nowMs))) };
        } catch (error) {
          state = JSON.parse(before); // a failure changes nothing
          const failed = error instanceof Failure ? error : badInput(fault(error));
          return { tag: "err", val: failed.failure };
        }
      }),
    snapshot() {
      const now = JSON.stringify(state);
      if (now === given || (given === "" && now === JSON.stringify(first))) return undefined;
      given = now;
      return encoder.encode(now);
    },
  };
}

// The host sees no error's text by itself.
function fault(error) {
  const places = [...String(error?.stack).matchAll(/([\w.-]+\.m?js):(\d+)/g)];
  // The author's own line, where there is one.
  const place = places.find(([, file]) => file !== "tablica.js") ?? places[0];
  return `a fault of the plugin: ${error}${place ? `, ${place[1]} line ${place[2]}` : ""}`;
}

const structuredCopy = (value) => JSON.parse(JSON.stringify(value));
