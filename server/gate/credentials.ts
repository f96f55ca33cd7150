import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** How long the token handed to the browser on start is good for. */
const launchMilliseconds = 60_000;

/**
 * The secrets of one server process; a new process has new ones.
 *
 * - `token` is in the printed URL and is good for as long as the process runs.
 * - a launch token is put on the command line of the browser, where every user of the machine can read
 *   it: it is good once, and for a minute.
 * - `session` is the value of the cookie that either is exchanged for.
 */
export class Credentials {
  readonly token: string = randomBytes(32).toString("base64url");
  readonly #session = randomBytes(32).toString("base64url");
  #launch: { readonly token: string; readonly until: number } | undefined;

  /** A token that is good once, and for a minute. The one before it is no longer good. */
  issueLaunchToken(): string {
    const token = randomBytes(32).toString("base64url");
    this.#launch = { token, until: performance.now() + launchMilliseconds };
    return token;
  }

  /** Whether `candidate` may be exchanged for the cookie. Uses up a launch token. */
  admits(candidate: string): boolean {
    if (equal(candidate, this.token)) return true;
    const launch = this.#launch;
    if (!launch || !equal(candidate, launch.token)) return false;
    this.#launch = undefined;
    return performance.now() <= launch.until;
  }

  /** The `Set-Cookie` value for a server on `port`. Cookies know no ports, so the name does. */
  cookie(port: number): string {
    return `${cookieName(port)}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * Whether a `Cookie` header holds this process's session. Another server on the machine can set
   * cookies of our name, so any of several values may be the right one.
   */
  recognises(header: string | undefined, port: number): boolean {
    const name = `${cookieName(port)}=`;
    const values = (header ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(name))
      .slice(0, 8);
    return values.some((pair) => equal(pair.slice(name.length), this.#session));
  }
}

function cookieName(port: number): string {
  return `simile-${port}`;
}

/** Constant-time comparison: the hashes have one length whatever the strings have. */
function equal(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
