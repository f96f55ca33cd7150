import { type EngineName, openEngine } from "../../../src/engine/index.ts";
import type { Engine } from "../../../src/tensor/index.ts";

/** An engine, or nothing where it cannot be opened here, which is said. */
export async function opened(
  engineName: EngineName,
  print: (line: string) => void,
): Promise<Engine | undefined> {
  try {
    return await openEngine(engineName);
  } catch (error) {
    print(`${engineName} skipped: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
