// Whether a page lets this wall show it, by the sources that its server names in `frame-ancestors`.

const SOURCE = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/]+)(?::(\*|[0-9]+))?(?:\/.*)?$/;
const PORTS: Record<string, string> = { "http:": "80", "https:": "443" };

interface Wall {
  protocol: string;
  hostname: string;
  port: string;
}

/** True where nothing is known of it. */
export function mayShow(frames: string[] | undefined, wall: Wall): boolean {
  return !frames || frames.some((source) => isOf(source, wall));
}

function isOf(source: string, { protocol, hostname, port }: Wall): boolean {
  if (/^[a-z][a-z0-9+.-]*:$/.test(source)) return source === protocol;
  const parts = SOURCE.exec(source);
  if (!parts) return false;
  const [, scheme, host = "", wanted] = parts;
  // A source by http means https as well.
  if (scheme && `${scheme}:` !== protocol && !(scheme === "http" && protocol === "https:")) return false;
  const own = port || PORTS[protocol] || "";
  const usual = scheme && !wanted ? own === PORTS[`${scheme}:`] || own === PORTS[protocol] : !wanted && own === PORTS[protocol];
  if (wanted !== "*" && !(wanted ? wanted === own : usual)) return false;
  if (host === "*") return true;
  return host.indexOf("*.") === 0 ? hostname.slice(-host.length + 1) === host.slice(1) : host === hostname;
}
