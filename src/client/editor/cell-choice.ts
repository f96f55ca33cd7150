/** Which cells are chosen: from the one where choosing began to the current one. */
export interface Choice {
  readonly anchor: string;
  readonly current: string;
}

/** The chosen cells in page order. */
export function chosenCells(
  order: readonly string[],
  choice: Choice | undefined,
): readonly string[] {
  if (!choice) return [];
  const places = [choice.anchor, choice.current].map((id) => order.indexOf(id));
  const [from, to] = [Math.min(...places), Math.max(...places)];
  return from < 0 ? order.filter((id) => id === choice.current) : order.slice(from, to + 1);
}

/** The choice after a step up or down; with `extend` the cells between stay chosen. */
export function stepped(
  order: readonly string[],
  choice: Choice | undefined,
  by: number,
  extend = false,
): Choice | undefined {
  const here = choice ? order.indexOf(choice.current) : by > 0 ? -1 : order.length;
  const current = order[Math.min(order.length - 1, Math.max(0, here + by))];
  if (current === undefined) return undefined;
  return { anchor: extend && choice ? choice.anchor : current, current };
}

/** The choice after cells have come and gone: the same when it is still there, else what took its place. */
export function kept(
  before: readonly string[],
  after: readonly string[],
  choice: Choice | undefined,
): Choice | undefined {
  if (!choice || after.length === 0) return undefined;
  if (after.includes(choice.current)) {
    return after.includes(choice.anchor)
      ? choice
      : { anchor: choice.current, current: choice.current };
  }
  const place = before.indexOf(choice.current);
  const next = before.slice(place + 1).find((id) => after.includes(id));
  const current = next ?? after.at(-1)!;
  return { anchor: current, current };
}
