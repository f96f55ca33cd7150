import type { EditedCell } from "../../protocol/index.ts";
import { type ActionName, actions } from "./actions.ts";
import type { MenuGroup } from "./menu.ts";

/** What a cell's menu needs of what is around it. */
export interface CellMenuParts {
  can(name: ActionName): boolean;
  /** How an action's keys are written. */
  keys(name: ActionName): string;
  act(name: ActionName): void;
}

const groups: readonly (readonly [string, readonly ActionName[]])[] = [
  ["Run", ["run", "runAbove", "toggleCode"]],
  ["Reruns", ["runLive", "runOnDemand", "runOnce"]],
  ["Kind", ["toCode", "toKernel", "toText"]],
  ["Copy", ["duplicate", "cut", "copy", "paste"]],
  ["Place", ["insertAbove", "insertBelow", "moveUp", "moveDown", "merge"]],
  ["Delete", ["delete"]],
];

const ofCode: ReadonlySet<ActionName> = new Set([
  "run",
  "runAbove",
  "toggleCode",
  "runLive",
  "runOnDemand",
  "runOnce",
]);

/** What the menu of a cell holds: what can be done with one like it, and what it is now. */
export function cellMenu(cell: EditedCell, { can, keys, act }: CellMenuParts): MenuGroup[] {
  const { run } = cell.attributes;
  const is: Partial<Record<ActionName, boolean>> = {
    toCode: cell.kind === "browser",
    toKernel: cell.kind === "kernel",
    toText: cell.kind === "prose",
    runLive: run !== "demand" && run !== "once",
    runOnDemand: run === "demand",
    runOnce: run === "once",
  };
  return groups
    .map(([name, names]) => ({
      name,
      entries: names
        .filter((action) => can(action) && !(cell.kind === "prose" && ofCode.has(action)))
        .map((action) => ({
          title: actions[action].title,
          keys: keys(action),
          ...(is[action] !== undefined && { isSo: is[action] }),
          choose: () => act(action),
        })),
    }))
    .filter(({ entries }) => entries.length > 0);
}
