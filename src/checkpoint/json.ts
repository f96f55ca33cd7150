/** A JSON value with objects as maps, so that no key can mean anything to the language. */
export type Json = null | boolean | number | string | readonly Json[] | ReadonlyMap<string, Json>;

const depthLimit = 32;

/**
 * Reads JSON strictly: as `JSON.parse`, but a key that occurs twice in an object is an error, not a
 * silent replacement, and so is nesting deeper than 32.
 *
 * @throws {SyntaxError} with the position, what was expected there and what was found
 */
export function parseJson(text: string): Json {
  return new JsonReader(text).document();
}

class JsonReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.refuse("the end");
    return value;
  }

  private value(depth: number): Json {
    if (depth > depthLimit) this.refuse(`nesting of at most ${depthLimit}`);
    this.space();
    const start = this.text[this.at];
    if (start === "{") return this.object(depth);
    if (start === "[") return this.list(depth);
    if (start === '"') return this.string();
    for (const [word, value] of [
      ["null", null],
      ["true", true],
      ["false", false],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(depth: number): ReadonlyMap<string, Json> {
    const object = new Map<string, Json>();
    this.at++;
    if (this.follows("}")) return object;
    do {
      this.space();
      if (this.text[this.at] !== '"') this.refuse("a key");
      const keyAt = this.at;
      const key = this.string();
      if (object.has(key)) {
        this.at = keyAt;
        this.refuse("every key once");
      }
      if (!this.follows(":")) this.refuse('":"');
      object.set(key, this.value(depth + 1));
    } while (this.follows(","));
    if (!this.follows("}")) this.refuse('"," or "}"');
    return object;
  }

  private list(depth: number): readonly Json[] {
    const list: Json[] = [];
    this.at++;
    if (this.follows("]")) return list;
    do list.push(this.value(depth + 1));
    while (this.follows(","));
    if (!this.follows("]")) this.refuse('"," or "]"');
    return list;
  }

  private string(): string {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    try {
      const value = JSON.parse(this.text.slice(this.at, end + 1)) as string;
      this.at = end + 1;
      return value;
    } catch {
      return this.refuse("a string");
    }
  }

  private number(): number {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return this.refuse("a value");
    this.at += found.length;
    return Number(found);
  }

  private follows(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at++;
  }

  private refuse(expected: string): never {
    const found =
      this.at < this.text.length
        ? JSON.stringify(this.text.slice(this.at, this.at + 24))
        : "the end";
    throw new SyntaxError(`expected ${expected} at character ${this.at}, found ${found}`);
  }
}
