import type { IncomingMessage } from "node:http";
import type { Credentials } from "./credentials.ts";

/** What the gate says of a request: let it in, exchange its token, or refuse it. */
export type Verdict =
  | { readonly kind: "admitted" }
  /** A good token in the URL: set the cookie and go on to `path`, which is on this server. */
  | { readonly kind: "exchange"; readonly path: string; readonly crossSite: boolean }
  | { readonly kind: "refused"; readonly status: 400 | 401 | 403; readonly reason: string };

/** The part of a request that the gate looks at. */
export type GateRequest = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">;

/**
 * Judges a request before anything else sees it. The order matters: who is asked (Host) before who asks
 * (Sec-Fetch-Site, Origin) before what they know (token, cookie), so that a page of another site learns
 * nothing, not even whether a token was right.
 *
 * Host is checked beside Origin because equality of the two is not enough: under DNS rebinding both name
 * the attacker.
 *
 * @param upgrade true for a WebSocket handshake, which must name our own origin
 */
export function judge(
  request: GateRequest,
  credentials: Credentials,
  port: number,
  upgrade = false,
): Verdict {
  const hosts = headerValues(request, "host");
  const host = hosts[0];
  if (hosts.length !== 1 || host === undefined || !ownHosts(port).includes(host)) {
    return refused(403, "The Host header does not name this server");
  }
  const path = pathOf(request.url);
  if (path === undefined) return refused(400, "The request target is not a path");
  const tokens = tokensOf(request.url);
  const exchanging = request.method === "GET" && !upgrade && tokens.length > 0;

  const sites = headerValues(request, "sec-fetch-site");
  const site = sites.length > 1 ? "several" : (sites[0] ?? "none");
  const crossSite = site !== "same-origin" && site !== "none";
  if (crossSite && !(exchanging && isNavigation(request, site))) {
    return refused(403, "The request comes from another site");
  }
  const origins = headerValues(request, "origin");
  const originNeeded = upgrade || (request.method !== "GET" && request.method !== "HEAD");
  const foreign = origins.some((origin) => origin !== `http://${host}`);
  if (foreign || origins.length > 1 || (originNeeded && origins.length === 0)) {
    return refused(403, "The Origin header does not name this server");
  }

  if (exchanging) {
    const [token] = tokens;
    return tokens.length === 1 && credentials.admits(token!)
      ? { kind: "exchange", path, crossSite }
      : refused(401, "The token is not the one this server printed");
  }
  if (!credentials.recognises(request.headers.cookie, port)) {
    return refused(401, "The request carries no session of this server");
  }
  return { kind: "admitted" };
}

/** The names under which a browser on this machine reaches a loopback server. */
function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

/** Every value of a header as sent: Node's `headers` hides a second Host. */
function headerValues({ rawHeaders }: GateRequest, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === name) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

/**
 * The path of a request target, undefined when it is not one. `//site` and `/\site` are paths to a
 * server but addresses to a browser that is sent there, so they are not paths here.
 */
function pathOf(target = ""): string | undefined {
  const path = target.split("?", 1)[0]!;
  return /^\/(?![/\\])[^\\#\s]*$/.test(path) ? path : undefined;
}

function tokensOf(target = ""): string[] {
  const query = target.indexOf("?");
  return query < 0 ? [] : new URLSearchParams(target.slice(query)).getAll("token");
}

/** Whether a person followed a link to here from another site, in a window of its own. */
function isNavigation({ headers }: GateRequest, site: string): boolean {
  return (
    (site === "cross-site" || site === "same-site") &&
    headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document"
  );
}

function refused(status: 400 | 401 | 403, reason: string): Verdict {
  return { kind: "refused", status, reason };
}
