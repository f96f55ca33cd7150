import type { CellDiagnostic, CellError, EditedCell } from "../../protocol/index.ts";

/** Something wrong in a cell, and where. */
export interface Problem {
  readonly cell: string;
  /** Offset in the cell's source. */
  readonly offset: number;
  /** 1-based line of the cell. */
  readonly line: number;
  readonly severity: "error" | "warning";
  /** Who found it: TypeScript, without running anything, or the run of the cell. */
  readonly by: "types" | "run";
  readonly message: string;
}

/** What is known of a cell. */
export interface KnownProblems {
  /** What TypeScript found. */
  readonly types: readonly CellDiagnostic[];
  /** What its run failed with. */
  readonly failure: CellError | undefined;
}

/**
 * The problems of all cells, in page order, each by its place. What a run fails with on a line where
 * TypeScript finds an error is that error, and is not told twice.
 */
export function problemsOf(
  cells: readonly EditedCell[],
  known: (id: string) => KnownProblems,
): readonly Problem[] {
  return cells.flatMap(({ id, kind, source }): readonly Problem[] => {
    if (kind === "prose") return [];
    const { types, failure } = known(id);
    const found = types.map(({ from, severity, message }): Problem => {
      const offset = Math.min(from, source.length);
      return { cell: id, offset, line: lineAt(source, offset), severity, by: "types", message };
    });
    const ran = failure && failureIn(id, source, failure);
    const isTold = found.some(({ line, severity }) => severity === "error" && line === ran?.line);
    return [...found, ...(ran && !isTold ? [ran] : [])].sort((a, b) => a.offset - b.offset);
  });
}

function failureIn(cell: string, source: string, { name, message, at }: CellError): Problem {
  const isHere = at !== undefined && at.file === undefined && at.cell === cell;
  const lines = source.split("\n");
  const line = Math.min(isHere ? at.line : 1, lines.length);
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const column = isHere ? Math.min((at.column ?? 1) - 1, lines[line - 1]!.length) : 0;
  return {
    cell,
    offset: before + column,
    line,
    severity: "error",
    by: "run",
    message: `${name}: ${message}`,
  };
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

/** Where a person is: a cell, or an offset in its text. */
export interface ProblemPlace {
  readonly cell: string;
  readonly offset?: number;
}

/**
 * Index of the first problem below a place, or above it; round the end to the other one. A cell as a whole
 * lies before its text. −1 without any problem.
 */
export function nextProblem(
  problems: readonly Problem[],
  order: readonly string[],
  from: ProblemPlace | undefined,
  by: 1 | -1,
): number {
  if (problems.length === 0) return -1;
  const places = new Map(order.map((id, index) => [id, index]));
  const here = [places.get(from?.cell ?? "") ?? -1, from?.offset ?? -1] as const;
  const side = ({ cell, offset }: Problem) => {
    const at = places.get(cell) ?? 0;
    return Math.sign(at - here[0] || offset - here[1]);
  };
  const found =
    by === 1
      ? problems.findIndex((problem) => side(problem) > 0)
      : problems.findLastIndex((problem) => side(problem) < 0);
  return found >= 0 ? found : by === 1 ? 0 : problems.length - 1;
}
