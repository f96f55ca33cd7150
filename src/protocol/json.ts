import type { Step } from "./transfer.ts";

/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The key that marks an object of the tree as something JSON cannot say by itself. */
export const mark = "$";

/** Deeper than this, a value is refused: it could not be read without risking the stack. */
export const deepest = 500;

/** What packing a part of a value needs of the whole. */
export interface Packing {
  /** Packs a value; `path` leads to it from the message's root. */
  pack(value: unknown, path: readonly Step[]): Json;
  /** Keeps bytes for the frame and answers their index; the same stretch of memory is kept once. */
  bytes(buffer: ArrayBufferLike, offset: number, length: number): number;
}

/** True for `{…}` and `Object.create(null)`, of whatever realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
