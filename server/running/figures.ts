import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { MimeBundle, ShownBundle } from "../../src/protocol/index.ts";
import type { Outcome } from "./outcome.ts";

/** Types of pictures, the best first, and how their files end. */
const endings: readonly (readonly [type: string, ending: string])[] = [
  ["image/svg+xml", "svg"],
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
];

/** A picture and the file it is written into. */
export interface FigureFile {
  readonly file: string;
  readonly bytes: string | Uint8Array;
}

/**
 * The pictures of what was run: `CELL.svg` for the first that a cell shows, `CELL.2.svg` for the second,
 * and `NAME.svg` for a value that is shown as one and that no cell has shown.
 */
export function figuresOf({ cells, values }: Pick<Outcome, "cells" | "values">): FigureFile[] {
  const figures = cells.flatMap(({ id, shown }) => namedFigures(id, shown));
  const written = new Set(figures.map(({ bytes }) => bytes));
  const taken = new Set(figures.map(({ file }) => file));
  const ofValues = values.flatMap(({ name, shown }) => namedFigures(name, shown));
  return [
    ...figures,
    ...ofValues.filter(({ file, bytes }) => !written.has(bytes) && !taken.has(file)),
  ];
}

function namedFigures(name: string, shown: readonly ShownBundle[] = []): FigureFile[] {
  const pictures = shown.flatMap(({ bundle }) => pictureOf(bundle));
  return pictures.map(({ ending, bytes }, i) => {
    const place = i === 0 ? "" : `.${i + 1}`;
    return { file: `${encodeURIComponent(name)}${place}.${ending}`, bytes };
  });
}

function pictureOf(bundle: MimeBundle): { ending: string; bytes: string | Uint8Array }[] {
  for (const [type, ending] of endings) {
    const part = bundle[type];
    if (type === "image/svg+xml" && typeof part === "string") return [{ ending, bytes: part }];
    if (part instanceof Uint8Array) return [{ ending, bytes: part }];
    // Base64, as in Jupyter's bundles.
    if (typeof part === "string") return [{ ending, bytes: Buffer.from(part, "base64") }];
  }
  return [];
}

/**
 * Looks for pictures in a folder that those of these names would replace.
 *
 * @throws {Error} when there is one
 */
export async function checkFigures(folder: string, names: readonly string[]): Promise<void> {
  const wanted = new Set(names.map(encodeURIComponent));
  for (const file of await readdir(folder)) {
    const [, name] = /^(.+?)(?:\.\d+)?\.(?:svg|png|jpg|gif|webp)$/.exec(file) ?? [];
    if (name !== undefined && wanted.has(name)) {
      throw new Error(`Cannot write ${join(folder, file)}: it exists already; --force replaces it`);
    }
  }
}

/** Writes pictures into a folder. */
export async function writeFigures(folder: string, figures: readonly FigureFile[]): Promise<void> {
  for (const { file, bytes } of figures) {
    const path = join(folder, file);
    try {
      await replaceFile(path, bytes);
    } catch (error) {
      throw new Error(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
    }
  }
}
