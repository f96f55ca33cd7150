import { type Edited, FolderWatch, loadedModules } from "./index.ts";

/** Edits of the modules beside a workbook, looked for when something happens in their folders. */
export class ModuleEdits {
  readonly #edited: (edited: Edited) => void;
  readonly #folders: FolderWatch;

  /**
   * @param guarded calls what changes our own state
   * @param edited is told what was found
   */
  constructor(guarded: (action: () => void) => void, edited: (edited: Edited) => void) {
    this.#edited = edited;
    this.#folders = new FolderWatch(() => guarded(() => this.look()));
  }

  /** Looks now. */
  look(): void {
    const edited = loadedModules()?.look();
    if (edited) this.#edited(edited);
  }

  /** From now on the folders of the modules that are loaded are watched. */
  watch(): void {
    const modules = loadedModules();
    if (modules && this.#folders.set(modules.folders)) this.look();
  }
}
