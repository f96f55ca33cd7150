import { totalmem } from "node:os";

/** Of the machine's memory, what a kernel may take when nobody says otherwise. */
const share = 0.75;
/** Bytes that Node and the library need to do anything at all. */
const smallest = 256e6;

const units: Readonly<Record<string, number>> = {
  "": 1,
  MB: 1e6,
  GB: 1e9,
  M: 1e6,
  G: 1e9,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/**
 * Bytes of memory that a kernel may hold: `SIMILE_MEMORY`, or else three quarters of what the machine, or
 * the control group this process is in, has.
 *
 * @param machine bytes of memory there are
 * @throws {TypeError} when `SIMILE_MEMORY` is no size, or one too small to work with
 */
export function memoryCap(
  environment: NodeJS.ProcessEnv = process.env,
  machine: number = machineMemory(),
): number {
  const named = environment["SIMILE_MEMORY"];
  if (named === undefined || named === "") return Math.max(smallest, Math.floor(share * machine));
  const [, amount, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(named) ?? [];
  const bytes = Number(amount) * (units[unit.toUpperCase()] ?? Number.NaN);
  if (bytes >= smallest) return Math.floor(bytes);
  throw new TypeError(
    `Cannot use SIMILE_MEMORY: expected a size of at least 256 MB such as 4GB, found ${JSON.stringify(named)}`,
  );
}

function machineMemory(): number {
  // 0, or more than there is, when the group has no limit.
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
