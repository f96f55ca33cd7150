/** A Python literal as a .npy header holds it. */
export type Literal =
  | null
  | boolean
  | number
  | string
  | { readonly kind: "tuple" | "list"; readonly items: readonly Literal[] }
  | ReadonlyMap<string, Literal>;

const depthLimit = 16;

/**
 * Reads one Python literal: strings, whole numbers, True, False, None, tuples, lists and dictionaries
 * with string keys. Nothing else is understood, so nothing can be run.
 *
 * @throws {SyntaxError} with the position, what was expected there and what was found
 */
export function parseLiteral(text: string): Literal {
  return new LiteralReader(text).document();
}

/** A literal as Python writes it, for messages. */
export function literalText(value: Literal): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "number") return String(value);
  if ("kind" in value) {
    const items = value.items.map(literalText).join(", ");
    return value.kind === "tuple" ? `(${items})` : `[${items}]`;
  }
  return `{${[...value].map(([key, item]) => `'${key}': ${literalText(item)}`).join(", ")}}`;
}

class LiteralReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Literal {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.refuse("the end");
    return value;
  }

  private value(depth: number): Literal {
    if (depth > depthLimit) this.refuse(`nesting of at most ${depthLimit}`);
    this.space();
    const start = this.text[this.at];
    if (start === "{") return this.dictionary(depth);
    if (start === "(") return { kind: "tuple", items: this.items(")", depth) };
    if (start === "[") return { kind: "list", items: this.items("]", depth) };
    if (start === "'" || start === '"') return this.string(start);
    const word = /(?:True|False|None)\b|-?\d+(?=L?\b)/y;
    word.lastIndex = this.at;
    const found = word.exec(this.text)?.[0];
    if (found === undefined) return this.refuse("a string, number, tuple, list or dictionary");
    this.at += found.length;
    // Python 2 wrote large sizes with an L.
    if (this.text[this.at] === "L") this.at++;
    if (found === "None") return null;
    return found === "True" || found === "False" ? found === "True" : Number(found);
  }

  private dictionary(depth: number): ReadonlyMap<string, Literal> {
    const entries = new Map<string, Literal>();
    this.at++;
    while (!this.follows("}")) {
      const quote = this.text[this.at];
      if (quote !== "'" && quote !== '"') return this.refuse("a key");
      const start = this.at;
      const key = this.string(quote);
      if (entries.has(key)) {
        this.at = start;
        this.refuse("every key once");
      }
      if (!this.follows(":")) this.refuse('":"');
      entries.set(key, this.value(depth + 1));
      if (!this.follows(",") && this.text[this.at] !== "}") this.refuse('"," or "}"');
    }
    return entries;
  }

  private items(end: ")" | "]", depth: number): Literal[] {
    const items: Literal[] = [];
    this.at++;
    while (!this.follows(end)) {
      items.push(this.value(depth + 1));
      if (!this.follows(",") && this.text[this.at] !== end) this.refuse(`"," or "${end}"`);
    }
    return items;
  }

  private string(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    const value = this.text.slice(this.at + 1, end);
    if (end === -1 || value.includes("\\")) return this.refuse("a plain string");
    this.at = end + 1;
    return value;
  }

  private follows(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    this.space();
    return true;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  private refuse(expected: string): never {
    const rest = this.text.slice(this.at, this.at + 24);
    const found = rest === "" ? "the end" : JSON.stringify(rest);
    throw new SyntaxError(`expected ${expected} at character ${this.at}, found ${found}`);
  }
}
