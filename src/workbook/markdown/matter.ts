import { linesOf } from "../lines.ts";
import type { Diagnostic } from "../workbook.ts";

/** The front matter of a file. */
export interface Matter {
  /** Offset at which the file's body begins; 0 when there is none. */
  readonly end: number;
  readonly values: Readonly<Record<string, string>>;
  readonly diagnostic?: Diagnostic;
}

const none: Matter = { end: 0, values: {} };

/**
 * Reads the front matter of a file: `key: value` lines between `---` and `---`, a value being plain,
 * quoted, folded (`>`) or literal (`|`) text; anything nested is kept as its text. Front matter that
 * is malformed or never closed is no front matter: it stays text, with a diagnostic.
 */
export function readMatter(text: string): Matter {
  const first = text.startsWith("\ufeff") ? 1 : 0;
  const lines = linesOf(text, first).map((line) => ({
    ...line,
    text: text.slice(line.start, line.end),
  }));
  if (!/^---[ \t]*$/.test(lines[0]?.text ?? "")) return { ...none, end: first };
  const close = lines.findIndex(
    (line, index) => index > 0 && /^(---|\.\.\.)[ \t]*$/.test(line.text),
  );
  if (close < 0) {
    if (!/^[\w-]+:/.test(lines[1]?.text ?? "")) return { ...none, end: first };
    const message = "Front matter is never closed: expected a line ---";
    return { ...none, end: first, diagnostic: { message, line: 1 } };
  }
  const values = new Map<string, string[]>();
  let key: string | undefined;
  for (let at = 1; at < close; at++) {
    const line = lines[at]!.text;
    const entry = /^([^\s#:"'[\]{}-][^:]*?)[ \t]*:(?:[ \t]+(.*))?$/.exec(line);
    if (entry) {
      key = entry[1]!;
      values.set(key, [entry[2] ?? ""]);
    } else if (key !== undefined && (/^([ \t]|- |-$)/.test(line) || line.trim() === "")) {
      values.get(key)!.push(line);
    } else if (line.trim() !== "" && !line.startsWith("#")) {
      const message = `Cannot read front matter: expected "key: value", found ${JSON.stringify(line)}`;
      return { ...none, end: first, diagnostic: { message, line: at + 1 } };
    }
  }
  const read = Array.from(values, ([name, value]) => [name, scalar(value)] as const);
  const open = read.find(([, value]) => value === undefined);
  if (open) {
    const message = `Cannot read front matter: the quotes of "${open[0]}" do not close`;
    return { ...none, end: first, diagnostic: { message, line: 1 } };
  }
  return { end: lines[close]!.next, values: Object.fromEntries(read as [string, string][]) };
}

/** A scalar's text from its lines, the first standing after the key. Undefined for open quotes. */
function scalar([first = "", ...rest]: readonly string[]): string | undefined {
  const indented = rest.map((line) => line.trim());
  if (/^[>|][+-]?\d?[ \t]*(#.*)?$/.test(first)) {
    return (first.startsWith("|") ? indented.join("\n") : fold(indented)).trim();
  }
  if (first.trim() === "" && rest.some((line) => line.trim() !== "")) return rest.join("\n");
  const whole = fold([first.trim(), ...indented]).trim();
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')[ \t]*(?:#.*)?$/.exec(whole);
  if (quoted)
    return quoted[1] === undefined ? quoted[2]!.replaceAll("''", "'") : unescaped(quoted[1]);
  if (/^["']/.test(whole)) return undefined;
  return whole.replace(/(^|[ \t]+)#.*$/, "");
}

/** Lines joined by a space, an empty line being a line break. */
function fold(lines: readonly string[]): string {
  return lines.reduce((text, line) => {
    if (line === "") return `${text}\n`;
    return text === "" || text.endsWith("\n") ? text + line : `${text} ${line}`;
  }, "");
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gi, (_, two, four, one: string) => {
    if (two ?? four) return String.fromCharCode(Number.parseInt((two ?? four) as string, 16));
    return { n: "\n", t: "\t", r: "\r", "0": "\0" }[one] ?? one;
  });
}
