import type { CellError } from "../../src/protocol/index.ts";
import { type Holding, holdingsText } from "./holdings.ts";
import { sizeText } from "./memory.ts";

/**
 * Why a cell was ended at the cap.
 *
 * @param cell undefined when no cell was running
 * @param bytes that were held after all had gone that was not needed
 */
export function memoryError(
  cell: string | undefined,
  {
    cap,
    bytes,
    held,
  }: { readonly cap: number; readonly bytes: number; readonly held: readonly Holding[] },
): CellError {
  const whom = cell === undefined ? "" : ` with "${cell}"`;
  const found = `expected at most ${sizeText(cap)} of memory, found ${sizeText(bytes)}`;
  const variables =
    held.length > 0
      ? `Largest variables: ${holdingsText(held)}`
      : "No variable holds 1 MB or more: it is what ran that filled the memory";
  const kept = "All variables are kept; SIMILE_MEMORY sets another cap";
  return { name: "MemoryError", message: `Cannot go on${whom}: ${found}\n${variables}\n${kept}` };
}
