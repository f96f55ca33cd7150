import type { CellEdit, CellRange, EditedCell } from "../../../protocol/index.ts";

/** What is looked for. */
export interface FindQuery {
  readonly text: string;
  /** Capitals are told from small letters. */
  readonly isCased: boolean;
  /** Only whole words. */
  readonly isWord: boolean;
  /** The text is a regular expression. */
  readonly isPattern: boolean;
}

/** More matches than this are not counted. */
export const mostMatches = 9_999;

/**
 * The query as an expression; undefined when it is empty.
 *
 * @throws {SyntaxError} when it is a regular expression with something wrong in it
 */
export function expressionOf({ text, isCased, isWord, isPattern }: FindQuery): RegExp | undefined {
  if (text === "") return undefined;
  const plain = isPattern ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const source = isWord ? `(?<![\\p{L}\\p{N}_$])(?:${plain})(?![\\p{L}\\p{N}_$])` : plain;
  return new RegExp(source, isCased ? "gmu" : "gimu");
}

/** Where an expression matches in texts, in their order; matches of nothing are left out. */
export function matchesIn(
  cells: readonly Pick<EditedCell, "id" | "source">[],
  expression: RegExp,
): readonly CellRange[] {
  const matches: CellRange[] = [];
  for (const { id, source } of cells) {
    for (const { index, 0: found } of source.matchAll(expression)) {
      if (found === "") continue;
      matches.push({ cell: id, from: index, to: index + found.length });
      if (matches.length === mostMatches) return matches;
    }
  }
  return matches;
}

/** Matches replaced; of a regular expression `$1` and the like stand for what its groups matched. */
export function replaced(
  cells: readonly Pick<EditedCell, "id" | "source">[],
  matches: readonly CellRange[],
  query: FindQuery,
  by: string,
): readonly CellEdit[] {
  const expression = expressionOf(query);
  if (!expression) return [];
  const sources = new Map(cells.map(({ id, source }) => [id, source]));
  const here = new RegExp(expression.source, `${expression.flags.replace("g", "")}y`);
  return matches.flatMap((match) => {
    if (!query.isPattern) return [{ ...match, text: by }];
    const source = sources.get(match.cell) ?? "";
    here.lastIndex = match.from;
    // Within the whole text, so that what the expression says of its surroundings still holds.
    const after = source.replace(here, by);
    const rest = source.length - match.to;
    return [{ ...match, text: after.slice(match.from, after.length - rest) }];
  });
}

/** The first match at or behind a place, round the end to the beginning; -1 without any. */
export function matchFrom(
  matches: readonly CellRange[],
  order: readonly string[],
  cell: string | undefined,
  offset: number,
): number {
  if (matches.length === 0) return -1;
  const place = cell === undefined ? 0 : order.indexOf(cell);
  const places = new Map(order.map((id, index) => [id, index]));
  const found = matches.findIndex((match) => {
    const at = places.get(match.cell)!;
    return at > place || (at === place && match.from >= offset);
  });
  return Math.max(0, found);
}
