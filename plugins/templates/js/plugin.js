// {{network}}: its bytes in, events out.

//@ webhook file document
import { badInput, define, event, json, message, onlySettings, setting } from "./tablica.js";
//@ poll
import { badInput, define, event, fetch, header, json, message, onlySettings, secret, setting, timer } from "./tablica.js";

const EVERY_MS = 10_000;
// The longest wait that the network may ask for.
const WAIT_MS_MAX = 3_600_000;
// Characters of a version of the list; longer ones are nobody's.
const VERSION_CHARS_MAX = 200;
//@ socket
import { badInput, connect, define, event, json, message, onlySettings, secret, setting } from "./tablica.js";
//@ tcp
import { badInput, connect, define, event, json, message, onlySettings, secret, send, setting } from "./tablica.js";
//@ document

// Longer documents are none of this network's.
const DOCUMENT_BYTES_MAX = 1 << 16;
//@

// Our own addresses: what they write is an answer.
let ours = [];

function init(state, { settings }) {
  // The operator's `[channel.NAME.settings]`: a key that is not named here is a misspelt one.
  onlySettings(settings, "ours");
  ours = settings.ours ?? [];
  if (!Array.isArray(ours) || ours.some((it) => typeof it !== "string")) {
    throw setting("/ours", 'expected a list of addresses, such as ["desk@acme.example"]');
  }
}

// A message as the network writes it. `json` keeps ids above 2^53, as BigInts: a number would be
// another one, and two messages the same.
function decode(it) {
  const texts = [it?.thread, it?.from, it?.text];
  if (!/^\d+$/.test(String(it?.id)) || !/^\d+$/.test(String(it?.at)) || texts.some((text) => typeof text !== "string")) {
    throw badInput("not a message");
  }
  const our = ours.includes(it.from);
  return event({
    id: String(it.id), // the same on redelivery: duplicates are found by it
    at: BigInt(it.at) * 1000n,
    interaction: it.thread,
    agent: our ? it.from : undefined,
    customer: our ? [] : [`mail:${it.from}`],
    kind: message({ medium: "message", author: our ? "agent" : "customer", text: it.text }),
  });
}
//@ poll

// A timer runs beside each request, or a lost one would be the last.
function ask(state) {
  const headers = { authorization: ["Bearer ", secret("key")] };
  // An unchanged list need not be sent again.
  if (state.etag) headers["if-none-match"] = state.etag;
  if (state.lastModified) headers["if-modified-since"] = state.lastModified;
  const url = "https://api.{{name}}.example/v1/messages";
  return { commands: [fetch({ url, headers, tag: "messages" }), timer("poll", EVERY_MS)] };
}

// The list of the latest messages.
function answered(state, answer) {
  // Too often: the network says how many seconds to leave it alone.
  if (answer.status === 429 || answer.status === 503) return { commands: [wait(answer)] };
  // 304 is nothing new; of anything else the timer asks again.
  if (answer.status !== 200) return {};
  const messages = json(answer.body);
  if (!Array.isArray(messages)) throw badInput("not a list");
  const events = messages.map(decode);
  // What was there before the first answer is history, and is not counted.
  const known = state.newest === "" ? undefined : BigInt(state.newest);
  const newest = events.reduce((most, { id }) => (BigInt(id) > most ? BigInt(id) : most), known ?? 0n);
  state.newest = String(newest);
  state.etag = version(answer, "etag");
  state.lastModified = version(answer, "last-modified");
  return { events: known === undefined ? [] : events.filter(({ id }) => BigInt(id) > known) };
}

// The same timer again replaces the one that runs.
function wait(answer) {
  const ms = Number.parseInt(header(answer, "retry-after"), 10) * 1000;
  return timer("poll", Math.min(Math.max(ms || 0, EVERY_MS), WAIT_MS_MAX));
}

function version(answer, name) {
  const value = header(answer, name);
  return value.length <= VERSION_CHARS_MAX ? value : "";
}
//@ socket

const open = () => ({
  commands: [
    connect({
      link: "main",
      address: ["wss://api.{{name}}.example/v1/events"],
      headers: { authorization: ["Bearer ", secret("key")] },
    }),
  ],
});
//@ tcp

const open = () => ({
  commands: [
    connect({ link: "main", address: ["tls://switch.{{name}}.example:5039"], until: "\n" }),
  ],
});
//@

export const plugin = define({
  name: "{{name}}",
  version: "0.1.0",
  network: "{{network}}",
  init,
  // What must survive a restart; bounded, and without anything about customers.
  //@ poll
  state: { newest: "", etag: "", lastModified: "" },
  start: ask,
  timer: ask,
  response: answered,
  //@ webhook file socket tcp
  state: {},
  //@ document
  state: { begun: "" },
  //@ webhook
  webhook: (state, call) => ({ events: [decode(json(call.body))] }),
  //@ file
  line: (state, line) => ({ events: [decode(json(line.bytes))] }),
  //@ socket
  start: () => open(),
  disconnected: () => open(), // the server waits longer each time that it fails
  frame: (state, frame) => ({ events: [decode(json(frame.content.val))] }),
  //@ tcp
  start: () => open(),
  connected: () => ({ commands: [send({ link: "main", data: ["login ", secret("key"), "\n"] })] }),
  disconnected: () => open(), // the server waits longer each time that it fails
  frame: (state, frame) => ({ events: [decode(json(frame.content.val))] }),
  //@ document
  document(state, part) {
    if (part.offset === 0n) state.begun = "";
    if (state.begun.length + part.bytes.length > DOCUMENT_BYTES_MAX) {
      state.begun = "";
      throw badInput("the document is too long");
    }
    // Most documents come in one part, and need no memory of the parts before.
    if (part.offset === 0n && part.isLast) return { events: [decode(json(part.bytes))] };
    // Latin-1 keeps each byte. Many at once: a call has 100 ms.
    for (let at = 0; at < part.bytes.length; at += 8192) {
      state.begun += String.fromCharCode.apply(null, part.bytes.subarray(at, at + 8192));
    }
    if (!part.isLast) return {};
    const bytes = new Uint8Array(state.begun.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = state.begun.charCodeAt(at);
    state.begun = "";
    return { events: [decode(json(bytes))] };
  },
  //@
});
