import type { EditedCell } from "../../protocol/index.ts";
import { type ActionName, actions } from "./actions.ts";
import type { EditedPlace } from "./cell-editors.ts";
import { cellMenu } from "./cell-menu.ts";
import type { ChosenCells } from "./chosen-cells.ts";
import { openHelpSheet } from "./help-sheet.ts";
import type { KeyTable } from "./key-table.ts";
import { openMenu } from "./menu.ts";
import { openPalette } from "./palette.ts";

/** What the menus need of what is around them. */
export interface ActionMenusParts {
  readonly chosen: ChosenCells;
  readonly keys: KeyTable;
  cell(id: string): EditedCell | undefined;
  place(id: string): EditedPlace | undefined;
  /** Whether there is anybody to do it. */
  has(name: ActionName): boolean;
  act(name: ActionName): void;
  /** Makes a cell current and shows it. */
  visit(cell: string): void;
  /** The person has chosen other keys. */
  keysChanged(): void;
}

/** Where a person finds what can be done: the menu of a cell, the palette, the sheet of keys. */
export class ActionMenus {
  readonly #parts: ActionMenusParts;

  constructor(parts: ActionMenusParts) {
    this.#parts = parts;
  }

  /** @param at what the menu stands beside */
  openCellMenu(id: string, at: HTMLElement): void {
    const { chosen, keys, place, has, act } = this.#parts;
    if (!chosen.ids.includes(id)) chosen.choose(id);
    const cell = this.#parts.cell(id);
    if (!cell) return;
    const groups = cellMenu(cell, {
      can: has,
      keys: (name) => keys.shortText(name),
      act: (name) => {
        place(id)?.element.focus({ preventScroll: true });
        act(name);
      },
    });
    openMenu(at, `Cell ${id}`, groups);
  }

  openPalette(): void {
    const { chosen, keys, has, act, visit } = this.#parts;
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => name !== "palette" && has(name),
    );
    const doing = names.map((name) => ({
      title: actions[name].title,
      detail: keys.shortText(name),
      choose: () => act(name),
    }));
    const going = chosen.order.map((id) => ({
      title: `Go to ${id}`,
      choose: () => visit(id),
    }));
    openPalette("What do you want to do?", [...doing, ...going]);
  }

  openHelp(): void {
    const { keys, has, keysChanged } = this.#parts;
    openHelpSheet(keys, has, keysChanged);
  }
}
