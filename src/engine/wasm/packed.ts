import type { Matrix, Numbers, Precision } from "../../tensor/index.ts";
import { factorsOf } from "../chain/exponent.ts";
import type { StepSizes } from "../chain/steps.ts";

/** Rows of a panel: 32 bytes of them. */
export function lanesOf(precision: Precision): number {
  return precision === "float64" ? 4 : 8;
}

/** Rows rounded up to whole panels. */
export function padded(rows: number, precision: Precision): number {
  const lanes = lanesOf(precision);
  return Math.ceil(rows / lanes) * lanes;
}

/** Bytes of a packed matrix [rows, inner]. */
export function packedBytes(rows: number, inner: number, precision: Precision): number {
  return Math.ceil(rows / lanesOf(precision)) * inner * 32;
}

/** Panels of outputs the kernels reduce at a time in the last step; `BLOCK` in assembly/chain.ts. */
const block = 16;

/**
 * Packs weight·2^exponent into `target`, the layout of assembly/product.ts: panels of `lanesOf` rows,
 * which for each inner index hold the entries of their rows side by side; zeros beyond the last row.
 */
export function pack(weight: Matrix, exponent: number, target: Numbers): void {
  const lanes = target instanceof Float64Array ? 4 : 8;
  const [rows, inner] = weight.shape;
  const source = weight.data;
  const [half, rest] = factorsOf(exponent);
  const whole = rows - (rows % 4);
  // Four rows at a time, so that what is written lies side by side.
  for (let row = 0; row < whole; row += 4) {
    const lane = row % lanes;
    let a = row * inner;
    let to = (row - lane) * inner + lane;
    for (const end = a + inner; a < end; a++, to += lanes) {
      target[to] = source[a]! * half * rest;
      target[to + 1] = source[a + inner]! * half * rest;
      target[to + 2] = source[a + 2 * inner]! * half * rest;
      target[to + 3] = source[a + 3 * inner]! * half * rest;
    }
  }
  for (let row = whole; row < rows; row++) {
    const from = row * inner;
    const lane = row % lanes;
    const to = (row - lane) * inner + lane;
    for (let k = 0; k < inner; k++) target[to + k * lanes] = source[from + k]! * half * rest;
  }
  const held = rows % lanes;
  if (held === 0) return;
  const last = (rows - held) * inner;
  for (let k = 0; k < inner; k++) target.fill(0, last + k * lanes + held, last + (k + 1) * lanes);
}

/**
 * Bytes of the intermediate results of a row, in the order of the pair kernel's arguments: metric, u, v,
 * ll, rr, lr, rl, out; each as large as the largest pair needs.
 */
export function roomOf(
  a: readonly StepSizes[],
  bs: readonly (readonly StepSizes[])[],
  precision: Precision,
): readonly number[] {
  const product = (rows: number, inner: number) =>
    packedBytes(rows, padded(inner, precision), precision);
  const room = { metric: 0, u: 0, v: 0, kernel: 0 };
  const reach = (name: keyof typeof room, bytes: number) => {
    room[name] = Math.max(room[name], bytes);
  };
  for (const b of bs) {
    a.forEach((s, i) => {
      const t = b[i]!;
      const last = i === a.length - 1;
      const rows = last ? Math.min(t.outputs, block * lanesOf(precision)) : t.outputs;
      reach("u", product(rows, s.kind === "linear" ? s.inputs : s.hidden));
      if (!last) reach("metric", product(s.outputs, t.outputs));
      if (s.kind === "linear") return;
      reach("kernel", product(s.hidden, t.hidden));
      if (i === 0) return;
      reach("u", product(t.hidden, s.inputs));
      reach("v", product(t.hidden, s.inputs));
    });
  }
  const out = padded(a.at(-1)!.outputs, precision) * 8;
  const { metric, u, v, kernel } = room;
  return [metric, u, v, kernel, kernel, kernel, kernel, out];
}
