import type { Content } from "./wire.ts";

interface Entry {
  readonly line: number;
  readonly code: string;
  output?: string;
}

type Told = readonly [
  session: number,
  line: number,
  entry: string | readonly [string, string | null],
];

/** Sessions are counted by clients; a kernel has one. */
const session = 1;

/** What was executed, and what came of it. */
export class History {
  readonly #entries: Entry[] = [];

  add(line: number, code: string): void {
    this.#entries.push({ line, code });
  }

  result(line: number, output: string): void {
    const entry = this.#entries.findLast((other) => other.line === line);
    if (entry) entry.output = output;
  }

  /** The entries that a request asks for: the last `n`, a range of lines, or those that fit a pattern. */
  told(request: Content): readonly Told[] {
    const { output, n, start, stop, pattern, unique, hist_access_type: access } = request;
    const most = typeof n === "number" ? n : undefined;
    let found = this.#entries;
    if (access === "range") {
      const from = typeof start === "number" ? start : 0;
      const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      const own = request["session"] === session || request["session"] === 0;
      return (own ? found : [])
        .filter(({ line }) => line >= from && line < to)
        .map((entry) => told(entry, output === true));
    }
    if (access === "search") {
      const fits = globOf(typeof pattern === "string" ? pattern : "*");
      found = found.filter(({ code }) => fits.test(code));
      if (unique === true) {
        found = found.filter(
          ({ code }, index) => found.findLastIndex((other) => other.code === code) === index,
        );
      }
    }
    const first = most === undefined ? 0 : Math.max(0, found.length - Math.max(0, most));
    return found.slice(first).map((entry) => told(entry, output === true));
  }
}

function told({ line, code, output }: Entry, withOutput: boolean): Told {
  return [session, line, withOutput ? [code, output ?? null] : code];
}

/** `*` any text, `?` any character, all else itself. */
function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}
