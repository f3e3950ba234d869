// What this screen is called: `?screen=lobby-3` in the page's address, remembered, so that a bare
// address does the next time. The server tells operators by this name when the screen is gone.

const KEY = "tablica.screen";
/** As the server has it: a name stands in addresses and in labels of metrics. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** The name from the address, else the remembered one, else none. `?screen=` forgets it. */
export function screenName(query: string): string {
  const asked = /[?&]screen=([^&]*)/.exec(query);
  if (!asked) return remembered();
  const name = asked[1] || "";
  if (name !== "" && !NAME.test(name)) return remembered();
  try {
    if (name) localStorage.setItem(KEY, name);
    else localStorage.removeItem(KEY);
  } catch (_forbidden) {
    // The address still has it.
  }
  return name;
}

function remembered(): string {
  try {
    const name = localStorage.getItem(KEY) || "";
    return NAME.test(name) ? name : "";
  } catch (_forbidden) {
    return "";
  }
}
