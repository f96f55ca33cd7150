import type { CellConflict, EditCommand } from "../../protocol/index.ts";
import type { Banners } from "../banners.ts";
import type { DocumentModel } from "../document/index.ts";
import { button, element } from "../element.ts";
import type { MergeEditor } from "./merge-editor.ts";

type Keep = Extract<EditCommand, { type: "resolve" }>["keep"];

/** What of the page conflicts speak to. */
export interface ConflictParts {
  readonly model: DocumentModel;
  readonly banners: Banners;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/**
 * Cells that were changed here and on disk, one at a time above the workbook: what is on disk, what is here,
 * what both began with. Nothing is written until a person has decided on each; the rest of the page goes on.
 */
export class ConflictView {
  readonly element: HTMLElement = element("section", {
    class: "conflicts",
    "aria-label": "Cells changed here and on disk",
    tabindex: -1,
    hidden: true,
  });
  readonly #parts: ConflictParts;
  readonly #ends: () => void;
  #shown: CellConflict | undefined;
  #count = 0;
  #merge: MergeEditor | undefined;

  constructor(parts: ConflictParts) {
    this.#parts = parts;
    this.#ends = parts.model.onChange(() => this.#follow());
  }

  dispose(): void {
    this.#ends();
    this.#merge?.destroy();
  }

  #follow(): void {
    const { conflicts } = this.#parts.model;
    this.#tell(conflicts.length);
    const before = this.#shown;
    const shown = conflicts.find(({ cell }) => cell === before?.cell) ?? conflicts[0];
    if (!shown) {
      this.#show(undefined);
      return;
    }
    const isSame =
      shown.cell === before?.cell && shown.theirs === before.theirs && shown.base === before.base;
    const mine = this.#mine(shown.cell);
    if (!isSame || (mine === null) !== (before.mine === null)) this.#show({ ...shown, mine });
    else {
      this.#place();
      if (mine !== null) this.#merge?.follow(mine);
    }
  }

  #tell(count: number): void {
    if (count === this.#count) return;
    const { banners, say } = this.#parts;
    if (count === 0) say("Nothing is in conflict any more");
    this.#count = count;
    const cells =
      count === 1 ? "a cell that was edited here" : `${count} cells that were edited here`;
    const text = `Another program changed ${cells}. Nothing is overwritten: the file is not saved until you decide.`;
    const press = () => {
      this.element.scrollIntoView({ block: "nearest" });
      this.element.focus();
    };
    banners.set(
      "conflict",
      count === 0 ? undefined : { tone: "warning", text, action: { text: "Decide", press } },
    );
  }

  #mine(cell: string): string | null {
    return this.#parts.model.cell(cell)?.source ?? null;
  }

  #show(conflict: CellConflict | undefined): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#merge?.destroy();
    this.#merge = undefined;
    this.#shown = conflict;
    this.element.hidden = conflict === undefined;
    if (!conflict) {
      this.element.replaceChildren();
      return;
    }
    const texts = element("div", { class: "conflict-texts" });
    this.element.replaceChildren(
      this.#head(conflict),
      texts,
      this.#began(conflict),
      this.#choices(conflict),
    );
    this.#place();
    if (hadFocus) this.element.focus();
    void this.#fill(conflict, texts);
  }

  #head({ cell, mine, theirs }: CellConflict): HTMLElement {
    const what =
      mine === null
        ? "was deleted here and changed on disk"
        : theirs === null
          ? "was changed here and deleted on disk"
          : "was changed here and on disk";
    const step = (by: number) => {
      const { conflicts } = this.#parts.model;
      const at = conflicts.findIndex((conflict) => conflict.cell === this.#shown?.cell);
      const next = conflicts[(at + by + conflicts.length) % conflicts.length];
      if (next) this.#show({ ...next, mine: this.#mine(next.cell) });
    };
    return element(
      "header",
      {},
      element("h2", {}, element("code", {}, cell), ` ${what}`),
      element(
        "span",
        { class: "conflict-steps" },
        button("‹", () => step(-1), { class: "small", "aria-label": "Previous cell in conflict" }),
        element("span", { class: "conflict-place" }),
        button("›", () => step(1), { class: "small", "aria-label": "Next cell in conflict" }),
      ),
    );
  }

  /** Says which of how many is shown. */
  #place(): void {
    const { conflicts } = this.#parts.model;
    const at = conflicts.findIndex(({ cell }) => cell === this.#shown?.cell);
    const steps = this.element.querySelector<HTMLElement>(".conflict-steps");
    if (!steps) return;
    steps.hidden = conflicts.length < 2;
    steps.querySelector(".conflict-place")!.textContent = `${at + 1} of ${conflicts.length}`;
    const all = this.element.querySelector<HTMLElement>(".conflict-all");
    if (all) all.hidden = conflicts.length < 2;
  }

  /** The two texts; what shows them is loaded when there is the first conflict. */
  async #fill(conflict: CellConflict, texts: HTMLElement): Promise<void> {
    const { cell, base, mine, theirs } = conflict;
    if (mine === null || theirs === null) {
      const { differenceView } = await import("../history/difference-view.ts");
      const there = mine ?? theirs;
      texts.replaceChildren(differenceView(`What changed in ${cell}`, base, there, "unified"));
      return;
    }
    const { MergeEditor } = await import("./merge-editor.ts");
    if (this.#shown !== conflict) return;
    const isProse = this.#parts.model.cell(cell)?.kind === "prose";
    const merge = new MergeEditor({ cell, isProse, mine, theirs }, () => {
      this.#resolve({ text: merge.text });
    });
    this.#merge = merge;
    texts.replaceChildren(
      element(
        "div",
        { class: "conflict-sides" },
        element("span", {}, "On disk"),
        element("span", {}, "Here, and as it will be: edit it"),
      ),
      merge.element,
    );
  }

  #began({ cell, base, mine, theirs }: CellConflict): HTMLElement | string {
    if (base === null || mine === null || theirs === null) return "";
    const details = element(
      "details",
      { class: "conflict-base" },
      element("summary", {}, "What both began with, and what each changed"),
    );
    const fill = async () => {
      const { differenceView } = await import("../history/difference-view.ts");
      const now = this.#mine(cell);
      details.append(
        element("h3", {}, "Changed on disk"),
        differenceView(`What changed on disk in ${cell}`, base, theirs, "unified"),
        element("h3", {}, "Changed here"),
        differenceView(`What changed here in ${cell}`, base, now, "unified"),
      );
    };
    details.addEventListener("toggle", () => void fill(), { once: true });
    return details;
  }

  #choices({ mine, theirs }: CellConflict): HTMLElement {
    const isBoth = mine !== null && theirs !== null;
    const [keep, take] = [
      mine === null ? "Leave it deleted" : "Keep mine",
      theirs === null ? "Delete it here too" : mine === null ? "Bring it back" : "Take theirs",
    ];
    const merged = () => this.#merge && this.#resolve({ text: this.#merge.text });
    return element(
      "footer",
      {},
      button(keep, () => this.#resolve("mine"), { class: "small" }),
      button(take, () => this.#resolve("theirs"), { class: "small" }),
      isBoth && button("Use the text on the right", merged, { class: "primary" }),
      element(
        "span",
        { class: "conflict-all" },
        button("Keep all of mine", () => this.#parts.model.resolve("mine"), { class: "small" }),
        button("Take all of theirs", () => this.#parts.model.resolve("theirs"), {
          class: "small",
        }),
      ),
    );
  }

  #resolve(keep: Keep): void {
    if (this.#shown) this.#parts.model.resolve(keep, this.#shown.cell);
  }
}
