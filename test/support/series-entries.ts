import {
  bytesSource,
  type SeriesEntry,
  seriesOf,
  storedOf,
  writeSafetensors,
} from "../../src/checkpoint/index.ts";

/** Shapes of tensors by name. */
export type Shapes = Readonly<Record<string, readonly number[]>>;
/** The shapes of one bilinear layer of single numbers. */
export const small: Shapes = { left: [1, 1], right: [1, 1], down: [1, 1] };

/** A safetensors file whose tensors are filled with `value`. */
export function file(shapes: Shapes, value = 1): Uint8Array {
  return writeSafetensors(
    new Map(
      Object.entries(shapes).map(([name, shape]) => {
        const length = shape.reduce((size, axis) => size * axis, 1);
        return [name, storedOf({ shape, data: new Float64Array(length).fill(value) }, "F64")];
      }),
    ),
    { value: String(value) },
  );
}

/** How many entries are open, were open at most, and what was read. */
export interface Opened {
  open: number;
  most: number;
  reads: [name: string, length: number][];
}

/** Entries in memory; `opened` counts those that are open and what was read of them. */
export function entries(
  files: Readonly<Record<string, Uint8Array>>,
  opened: Opened = { open: 0, most: 0, reads: [] },
): SeriesEntry[] {
  return Object.entries(files).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    open: async () => {
      opened.most = Math.max(opened.most, ++opened.open);
      const source = bytesSource(bytes, name);
      return {
        ...source,
        read: (offset, length) => {
          opened.reads.push([name, length]);
          return source.read(offset, length);
        },
        close: async () => {
          opened.open--;
        },
      };
    },
  }));
}

/** Names, steps and labels of a series of such files, and those it leaves out. */
export const names = async (...list: string[]) => {
  const series = await seriesOf(
    entries(Object.fromEntries(list.map((name) => [name, file(small)]))),
  );
  const leftOut = series
    .describe()
    .files.filter(({ state }) => state === "left out")
    .map(({ name, reason }) => `${name}: ${reason}`);
  return { names: series.sources, steps: series.steps, labels: series.labels, leftOut };
};
