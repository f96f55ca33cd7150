import type { ByteSource } from "../checkpoint.ts";

/** A file that may be a checkpoint of a series: opened when read, closed after. */
export interface SeriesEntry {
  /** Path below the series' folder, with "/"; the training step is parsed from it. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Text that is another once the file is another or has changed; absent when that cannot be told. */
  readonly state?: string;
  open(): Promise<ByteSource>;
}

/** A file that is not in the series, and why. */
export interface LeftOut {
  readonly name: string;
  readonly size: number;
  readonly reason: string;
}

/** File names that hold checkpoints, the better format for the same weights first. */
export const extensions: readonly string[] = [
  "safetensors",
  "pt",
  "pth",
  "bin",
  "ckpt",
  "npz",
  "npy",
];

/** The name without a checkpoint's extension, `.safetensors` and `.safetensors.gz` alike. */
export function stemOf(name: string): string {
  const own = name.replace(/\.gz$/i, "");
  const dot = own.lastIndexOf(".");
  return extensions.includes(own.slice(dot + 1).toLowerCase()) ? own.slice(0, dot) : name;
}

/** What an axis or a message calls a checkpoint: its name, or its folder's where every file is a "model". */
export function labelOf(name: string): string {
  const stem = stemOf(name);
  return /^(.+)\/(?:model|pytorch_model|weights|checkpoint)$/.exec(stem)?.[1] ?? stem;
}

/** Whether a file's name ends as a checkpoint's does. */
export function isCheckpointName(name: string): boolean {
  return stemOf(name) !== name;
}
