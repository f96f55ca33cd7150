import { apply, changeSetOf, EditError, invert, jsonOf, mapOver } from "../../editing/index.ts";
import type { EditedWorkbook, Operation } from "../../protocol/index.ts";

/** Where a person was: to be shown again when what they did there is taken back. */
export interface Place {
  readonly cell: string;
  /** Ends of the selection in the cell's text; without them the cell as a whole. */
  readonly anchor?: number;
  readonly head?: number;
}

/** What takes something back, or does it again. */
export interface UndoStep {
  readonly label: string;
  readonly operations: readonly Operation[];
  readonly place?: Place;
  /** Set for typing, which goes on: the cell, and when. */
  readonly typing?: { readonly cell: string; readonly time: number };
}

/** Typing with shorter pauses than this is taken back at once. */
const pauseMilliseconds = 600;
const mostSteps = 1_000;

/** What this page did and can take back: text and structure in one order. What others do, it is mapped over. */
export class UndoHistory {
  #undo: UndoStep[];
  #redo: UndoStep[];

  constructor(undo: readonly UndoStep[] = [], redo: readonly UndoStep[] = []) {
    this.#undo = [...undo];
    this.#redo = [...redo];
  }

  get undoLabel(): string | undefined {
    return this.#undo.at(-1)?.label;
  }

  get redoLabel(): string | undefined {
    return this.#redo.at(-1)?.label;
  }

  get steps(): { readonly undo: readonly UndoStep[]; readonly redo: readonly UndoStep[] } {
    return { undo: this.#undo, redo: this.#redo };
  }

  /**
   * Takes note of something the person did.
   *
   * @param before the document that it was done to
   */
  did(step: UndoStep, before: EditedWorkbook): void {
    const taken = { ...step, operations: invert(step, before) };
    const last = this.#undo.at(-1);
    this.#redo = [];
    if (last && goesOn(last, step)) this.#undo[this.#undo.length - 1] = joined(last, taken);
    else this.#undo.push(taken);
    if (this.#undo.length > mostSteps) this.#undo.shift();
  }

  /** What is to be done to take back, or do again, what was last; what cannot be any more is passed over. */
  take(which: "undo" | "redo", content: EditedWorkbook): UndoStep | undefined {
    const [from, to] = which === "undo" ? [this.#undo, this.#redo] : [this.#redo, this.#undo];
    for (let step = from.pop(); step; step = from.pop()) {
      try {
        apply(content, step);
        if (step.operations.length === 0) continue;
        const { typing: _, ...rest } = step;
        to.push({ ...rest, operations: invert(step, content) });
        return step;
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
      }
    }
    return undefined;
  }

  /**
   * Somebody else did something.
   *
   * @param content the document in this page before it
   */
  follow(operations: readonly Operation[], content: EditedWorkbook): void {
    this.#undo = followed(this.#undo, operations, content);
    this.#redo = followed(this.#redo, operations, content);
  }

  /** Typing that comes after this is a step of its own. */
  pause(): void {
    const last = this.#undo.at(-1);
    if (!last?.typing) return;
    const { typing: _, ...rest } = last;
    this.#undo[this.#undo.length - 1] = rest;
  }
}

function goesOn({ typing: last }: UndoStep, { typing: now }: UndoStep): boolean {
  if (!last || !now || last.cell !== now.cell) return false;
  return now.time - last.time <= pauseMilliseconds;
}

/** Two steps of typing in one cell as one. */
function joined(last: UndoStep, now: UndoStep): UndoStep {
  const [newer] = now.operations;
  const [older] = last.operations;
  if (newer?.type !== "text" || older?.type !== "text") {
    return { ...last, operations: [...now.operations, ...last.operations] };
  }
  const changes = changeSetOf(newer.changes).compose(changeSetOf(older.changes));
  const operations = [{ ...older, changes: jsonOf(changes) }];
  return { ...last, operations, ...(now.typing && { typing: now.typing }) };
}

/** The newest step applies to the document as it is, each older one to what the one after it leads to. */
function followed(
  steps: readonly UndoStep[],
  operations: readonly Operation[],
  content: EditedWorkbook,
): UndoStep[] {
  let [others, state] = [operations, content];
  const result: UndoStep[] = [];
  for (const [index, step] of [...steps.entries()].reverse()) {
    if (others.length === 0) return [...steps.slice(0, index + 1), ...result];
    try {
      const { later, earlier } = mapOver(step.operations, others, state);
      state = apply(state, step);
      others = earlier;
      result.unshift({ ...step, operations: later });
    } catch (error) {
      if (error instanceof EditError || error instanceof RangeError) return result;
      throw error;
    }
  }
  return result;
}
