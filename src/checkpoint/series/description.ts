import type { FoundSetting } from "../../model/index.ts";
import type { StoredType } from "../checkpoint.ts";

/** One file of the folder a series was made from. */
export interface SeriesFile {
  readonly name: string;
  /** `"read"` is in the series; `"left out"` and `"failed"` are not, for the stated reason. */
  readonly state: "read" | "left out" | "failed";
  readonly step?: number;
  readonly bytes: number;
  readonly reason?: string;
}

/** What was found where a series was looked for, and what is missing: plain data. */
export interface SeriesDescription {
  /** One or two sentences for people. */
  readonly summary: string;
  /** The checkpoints in order, then the files that could not be read, then those left out. */
  readonly files: readonly SeriesFile[];
  /** Tensors of the first checkpoint. */
  readonly tensors: readonly {
    readonly name: string;
    readonly type: StoredType;
    readonly shape: readonly number[];
  }[];
  /** Text the first checkpoint carries. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Name of the adapter that makes networks of them; absent when none fits. */
  readonly adapter?: string;
  /** What the network of the first checkpoint is besides its tensors, and who said so. */
  readonly settings?: readonly FoundSetting[];
  /** Why no adapter fits. */
  readonly mismatch?: string;
}

/** The summary of a description. */
export function summaryOf(description: Omit<SeriesDescription, "summary">): string {
  const { files, adapter, mismatch } = description;
  const read = files.filter(({ state }) => state === "read");
  const failed = files.filter(({ state }) => state === "failed").length;
  const leftOut = files.filter(({ state }) => state === "left out").length;
  const [first, last] = [read[0]?.step, read.at(-1)?.step];
  const range =
    first === undefined || last === undefined || read.length < 2
      ? ""
      : `, steps ${grouped(first)} to ${grouped(last)}`;
  const parts = [`${counted(read.length, "checkpoint")}${range}`];
  if (adapter !== undefined) parts.push(`read by the adapter "${adapter}"`);
  if (failed > 0) parts.push(`${counted(failed, "file")} could not be used`);
  if (leftOut > 0) parts.push(`${counted(leftOut, "file")} left out`);
  const found = parts.join("; ");
  return mismatch === undefined ? found : `${found}. ${mismatch}`;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function grouped(value: number): string {
  return value.toLocaleString("en-GB");
}
