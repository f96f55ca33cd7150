import { readFileSync } from "node:fs";
import type { MimeBundle } from "../../src/protocol/index.ts";
import { escaped, svgSpace } from "./svg-text.ts";

/** The key under which a value says how it is shown: a function that returns a MIME bundle. */
export const shownAs: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that is shown as its bundle says. */
export class Rich {
  readonly bundle: MimeBundle;

  constructor(bundle: MimeBundle) {
    this.bundle = bundle;
    Object.defineProperty(this, shownAs, { value: () => bundle });
  }
}

/** What is shown of a text, or of a template with its values written as the type needs them. */
export type Tag = (text: TemplateStringsArray | string, ...values: readonly unknown[]) => Rich;

/**
 * A tag of one type. The values of a template are escaped unless they are of the type themselves; a text
 * that is passed instead is taken as it is.
 */
function tag(
  type: string,
  written: (text: string) => string,
  whole: (text: string) => string = (text) => text,
): Tag {
  const part = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(part).join("");
    const own = value instanceof Rich ? value.bundle[type] : undefined;
    return typeof own === "string" ? own : written(String(value));
  };
  return (text, ...values) => {
    const plain = typeof text === "string" ? text : String.raw(text, ...values.map(part));
    return new Rich({ [type]: whole(plain), "text/plain": plain });
  };
}

/** Alone, SVG has to say that it is SVG. */
function withSpace(text: string): string {
  const [open = ""] = /<svg\b[^>]*>/.exec(text) ?? [];
  const isNamed = open === "" || /\sxmlns\s*=/.test(open);
  return isNamed ? text : text.replace("<svg", `<svg xmlns="${svgSpace}"`);
}

const asItIs = (text: string): string => text;

/** HTML: `html\`<b>${name}</b>\``, its values escaped. */
export const html: Tag = tag("text/html", escaped);
/** SVG: `svg\`<svg …>${label}</svg>\``, its values escaped. */
export const svg: Tag = tag("image/svg+xml", escaped, withSpace);
/** Markdown: `md\`**${name}**\``. */
export const md: Tag = tag("text/markdown", asItIs);
/** A formula: `tex\`\frac{1}{${n}}\``, set on a line of its own. */
export const tex: Tag = tag("text/latex", asItIs, (formula) => `$$${formula}$$`);

/** Formats of pictures by their first bytes. */
const formats: readonly (readonly [type: string, start: RegExp])[] = [
  ["image/png", /^\x89PNG/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF.{4}WEBP/s],
];

/**
 * A picture: the bytes of a PNG, JPEG, GIF or WebP file, or the path of one.
 *
 * @throws {TypeError} when they are none of these
 */
export function image(source: string | Uint8Array | ArrayBuffer): Rich {
  const bytes =
    typeof source === "string"
      ? readFileSync(source)
      : source instanceof ArrayBuffer
        ? new Uint8Array(source)
        : source;
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`Cannot show an image: expected bytes or a path, found ${typeof source}`);
  }
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  const [type] = formats.find(([, pattern]) => pattern.test(start)) ?? [];
  if (type === undefined) {
    const found = typeof source === "string" ? source : `${bytes.length} other bytes`;
    throw new TypeError(`Cannot show an image: expected PNG, JPEG, GIF or WebP, found ${found}`);
  }
  // Not the pool in which a buffer may lie.
  return new Rich({
    [type]: Uint8Array.from(bytes),
    "text/plain": `${type}, ${bytes.length} bytes`,
  });
}

/**
 * A value as JSON: a tree to unfold in clients that have one.
 *
 * @throws {TypeError} when JSON cannot hold it
 */
export function json(value: unknown): Rich {
  const text = JSON.stringify(value, null, 2);
  if (text === undefined) throw new TypeError(`Cannot show ${typeof value} as JSON`);
  return new Rich({ "application/json": JSON.parse(text) as unknown, "text/plain": text });
}

/** What says of a value how it is shown, by the names under which cells find it. */
export const tags: Readonly<Record<"html" | "svg" | "md" | "tex" | "image" | "json", unknown>> = {
  html,
  svg,
  md,
  tex,
  image,
  json,
};
