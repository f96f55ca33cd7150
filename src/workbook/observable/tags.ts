/** A tag in a text of HTML. */
export interface Tag {
  /** In small letters. */
  readonly name: string;
  readonly closing: boolean;
  /** In order, names in small letters, values decoded; of a name given twice the first, as HTML has it. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly start: number;
  readonly end: number;
}

/** Elements in which nothing is a tag but their own end (HTML 13.2.5.2 to 4). */
const raw = new Set([
  "script",
  "style",
  "title",
  "textarea",
  "xmp",
  "iframe",
  "noembed",
  "noframes",
]);

const begin = /<(?:!--|[!?]|\/?[a-z])/gi;
const tagName = /<(\/?)([^\t\n\f\r />]+)/y;
const attributeName = /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)/y;
const equals = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const bareValue = /[^\t\n\f\r >]*/y;
const tagEnd = /[\t\n\f\r /]*>/y;

/**
 * The tags of an HTML text in order, those in comments and in the text of scripts, styles and titles left
 * out: cut as a browser's tokeniser cuts them, except that a script ends at its first end tag, whatever
 * `<!--` stands before it. A tag that the text ends in is none.
 */
export function* tagsOf(text: string): Generator<Tag, void, void> {
  let at = 0;
  for (;;) {
    begin.lastIndex = at;
    const found = begin.exec(text);
    if (!found) return;
    const [mark] = found;
    if (mark === "<!--") at = commentEnd(text, found.index);
    else if (mark === "<!" || mark === "<?") at = after(text, ">", found.index);
    else {
      const tag = readTag(text, found.index);
      if (!tag) return;
      yield tag;
      at = raw.has(tag.name) && !tag.closing ? rawEnd(text, tag) : tag.end;
    }
  }
}

function readTag(text: string, start: number): Tag | undefined {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  let at = start;
  const [, slash, name] = match(tagName)!;
  const attributes = new Map<string, string>();
  while (!match(tagEnd)) {
    const attribute = match(attributeName);
    if (!attribute) return undefined;
    let value = "";
    if (match(equals)) {
      const quote = text[at];
      if (quote === '"' || quote === "'") {
        const close = text.indexOf(quote, at + 1);
        if (close < 0) return undefined;
        value = text.slice(at + 1, close);
        at = close + 1;
      } else value = match(bareValue)![0];
    }
    const key = attribute[1]!.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(value));
  }
  return { name: name!.toLowerCase(), closing: slash === "/", attributes, start, end: at };
}

/** Where the end tag of a raw element begins. */
function rawEnd(text: string, { name, end }: Tag): number {
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, "gi");
  close.lastIndex = end;
  return close.exec(text)?.index ?? text.length;
}

/** `<!-->` and `<!--->` are comments of nothing; `--!>` ends one too. */
function commentEnd(text: string, start: number): number {
  const close = /--!?>/g;
  close.lastIndex = start + 2;
  return close.exec(text) ? close.lastIndex : text.length;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** Text with the references that serialisers of HTML write, and numeric ones, replaced by what they mean. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos|nbsp));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return named[name.toLowerCase()]!;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The text of an element, as a browser writes it. */
export function encodeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("\u00a0", "&nbsp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** The value of an attribute between double quotes, as a browser writes it. */
export function encodeValue(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("\u00a0", "&nbsp;").replaceAll('"', "&quot;");
}
