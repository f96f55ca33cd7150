import type { Block, ProgramGroup } from "../../../tensor/index.ts";
import type { Held } from "../../program/held.ts";
import type { Address } from "../row.ts";

/** `FIRST`, `LAST` and `EMPTY` in assembly/program.ts. */
const flags = { first: 1, last: 2, empty: 4 } as const;
/** Bytes of an entry before its addresses: `ENTRY` in assembly/program.ts. */
const head = 16;

/** A row-major matrix in the kernels' memory: where it begins, and the bytes between its rows. */
export interface Location {
  readonly address: number;
  readonly row: number;
}

/** Bytes of an entry of a program with this many inputs and outputs. */
export function entryBytes(inputs: number, outputs: number): number {
  return head + 8 * (inputs + outputs);
}

/** How many entries a group takes: one for each task, and one if it has none. */
export function entriesOf({ tasks }: ProgramGroup): number {
  return Math.max(1, tasks.length);
}

/**
 * The entries of some groups, as assembly/program.ts reads them.
 *
 * @param kept the inputs that a task need not pack if the task before did
 * @param targets for each group where its outputs go
 */
export function entries(
  groups: readonly ProgramGroup[],
  kept: readonly boolean[],
  targets: readonly (readonly Location[])[],
): ArrayBuffer {
  const outputs = targets[0]?.length ?? 0;
  const step = entryBytes(kept.length, outputs);
  const count = groups.reduce((sum, group) => sum + entriesOf(group), 0);
  const view = new DataView(new ArrayBuffer(step * count));
  const locate = (at: number, { address, row }: Location) => {
    view.setUint32(at, address, true);
    view.setUint32(at + 4, row, true);
  };
  const packed: (Location | undefined)[] = kept.map(() => undefined);
  let at = 0;
  groups.forEach(({ tasks }, g) => {
    if (tasks.length === 0) view.setUint32(at, flags.empty, true);
    tasks.forEach(({ inputs, weight = 1 }, t) => {
      const first = t === 0 ? flags.first : 0;
      const last = t === tasks.length - 1 ? flags.last : 0;
      const entry = at + t * step;
      view.setUint32(entry, first | last, true);
      view.setFloat64(entry + 8, weight, true);
      inputs.forEach((block, i) => {
        const location = locationOf(block);
        if (kept[i] && same(packed[i], location)) return;
        packed[i] = location;
        locate(entry + head + 8 * i, location);
      });
    });
    at += entriesOf({ tasks }) * step;
    targets[g]!.forEach((target, o) => {
      locate(at - step + head + 8 * (kept.length + o), target);
    });
  });
  return view.buffer;
}

/** For each of `count` inputs whether some task has the block of the task before it. */
export function keptInputs(groups: readonly ProgramGroup[], count: number): readonly boolean[] {
  const kept: boolean[] = Array(count).fill(false);
  let before: readonly Block[] | undefined;
  for (const { tasks } of groups) {
    for (const { inputs } of tasks) {
      before?.forEach(({ of, row, column }, i) => {
        const block = inputs[i]!;
        kept[i] ||= block.of === of && block.row === row && block.column === column;
      });
      before = inputs;
    }
  }
  return kept;
}

/** Where a block of a held matrix lies. */
export function locationOf({ of, row, column }: Block): Location {
  const held = of as Held<Address>;
  const size = held.precision === "float64" ? 8 : 4;
  const bytes = held.shape[1] * size;
  return { address: held.content.at + row * bytes + column * size, row: bytes };
}

function same(a: Location | undefined, b: Location): boolean {
  return a?.address === b.address && a.row === b.row;
}
