import type { KernelCell } from "../../src/protocol/index.ts";
import { analyse, hash } from "../../src/workbook/index.ts";

export interface CellOptions {
  /** Names whose values the page gives. */
  readonly page?: readonly string[];
  /** Outputs that browser cells read; all by default. */
  readonly wanted?: readonly string[];
  readonly run?: KernelCell["run"];
}

/** Kernel cells from their sources by id, connected by name as a workbook's are. */
export async function kernelCells(
  sources: Readonly<Record<string, string>>,
  { page = [], wanted, run = "live" }: CellOptions = {},
): Promise<KernelCell[]> {
  const analysed = await Promise.all(
    Object.entries(sources).map(async ([id, source]) => ({ id, analysis: await analyse(source) })),
  );
  const names = new Set([...page, ...analysed.flatMap(({ analysis }) => analysis.declarations)]);
  return analysed.map(({ id, analysis }) => {
    const references = analysis.references.map(({ name }) => name);
    const outputs = analysis.declarations;
    return {
      id,
      version: hash(analysis.code),
      code: analysis.code,
      expression: analysis.expression,
      inputs: references.filter((name) => names.has(name)),
      outputs,
      wanted: wanted ? outputs.filter((name) => wanted.includes(name)) : outputs,
      run,
    };
  });
}
