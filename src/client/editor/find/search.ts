import type { CellEdit, CellRange, EditedCell } from "../../../protocol/index.ts";
import { expressionOf, type FindQuery, matchesIn, replaced } from "./find.ts";

type SearchedCell = Pick<EditedCell, "id" | "source">;

/** What is to be searched, or replaced in what was found. */
export interface SearchQuestion {
  readonly query: FindQuery;
  readonly cells: readonly SearchedCell[];
  /** What comes in place of which matches. */
  readonly replace?: { readonly matches: readonly CellRange[]; readonly by: string };
}

/** What was found, or the edits that replace it. */
export interface SearchAnswer {
  readonly matches: readonly CellRange[];
  readonly edits: readonly CellEdit[];
}

/** Searches, or replaces; how long it takes hangs on the expression, and may be for ever. */
export function search({ query, cells, replace }: SearchQuestion): SearchAnswer {
  if (replace) {
    const { matches, by } = replace;
    return { matches, edits: replaced(cells, matches, query, by) };
  }
  const expression = expressionOf(query);
  return { matches: expression ? matchesIn(cells, expression) : [], edits: [] };
}
