import type { KernelNotice, MimeBundle, ShownBundle } from "../../src/protocol/index.ts";
import { bundleOf, rawBundle } from "./bundle.ts";
import { preview } from "./preview.ts";
import { Shown } from "./shown.ts";

/** How a value is displayed. */
export interface DisplayOptions {
  /** Name of what is shown. */
  readonly id?: string;
  /** Shows it in place of what has the same id. */
  readonly update?: boolean;
  /** The value is a MIME bundle and shown as one. */
  readonly raw?: boolean;
}

type DisplayNotice = Extract<KernelNotice, { type: "display" | "clear" }>;

/** What is kept of one run; beyond, what was shown first goes first. */
const most = { count: 200, bytes: 64 * 1024 * 1024 };

let made = 0;

/** What one run shows: told at once, and kept for whoever asks for its result later. */
export class Displays {
  readonly #cell: string;
  readonly #tell: (notice: DisplayNotice) => void;
  readonly #finish: (bundle: MimeBundle) => MimeBundle;
  readonly #shown: ShownBundle[] = [];
  /** What is kept is taken away when something new is shown. */
  #isClearing = false;

  /**
   * @param tell is told what is shown
   * @param finish adds to a bundle what those who are told need
   */
  constructor(
    cell: string,
    tell: (notice: DisplayNotice) => void,
    finish: (bundle: MimeBundle) => MimeBundle = (bundle) => bundle,
  ) {
    this.#cell = cell;
    this.#tell = tell;
    this.#finish = finish;
  }

  /** What is shown now, in order. What is shown later will be in it too. */
  get shown(): readonly ShownBundle[] {
    return this.#shown;
  }

  /** Shows a value. */
  readonly display = (value: unknown, options: DisplayOptions = {}): Shown => {
    const display = options.id ?? `display-${process.pid}-${++made}`;
    this.#show(display, value, options.update === true, options.raw === true);
    return new Shown(display, (next) => this.#show(display, next, true, false));
  };

  /** Takes away what is shown; with `wait` when something new is shown. */
  readonly clear = ({ wait = false }: { readonly wait?: boolean } = {}): void => {
    this.#isClearing = wait;
    if (!wait) this.#shown.length = 0;
    this.#tell({ type: "clear", cell: this.#cell, wait });
  };

  /** Keeps what the run came to, when more than text can be shown of it. */
  add(bundle: MimeBundle): void {
    if (Object.keys(bundle).some((type) => type !== "text/plain")) {
      this.#keep({ display: `display-${process.pid}-${++made}`, bundle: this.#finish(bundle) });
    }
  }

  #show(display: string, value: unknown, update: boolean, raw: boolean): void {
    const bundle = raw ? rawBundle(value) : bundleOf(value);
    if (!(bundle instanceof Promise)) {
      this.#put(display, bundle, update);
      return;
    }
    // In its place among the others, until it is there.
    this.#put(display, { "text/plain": "…" }, update);
    bundle.then(
      (made) => this.#put(display, made, true),
      (error) => this.#put(display, { "text/plain": preview(error) ?? "" }, true),
    );
  }

  #put(display: string, given: MimeBundle, update: boolean): void {
    const bundle = this.#finish(given);
    const { length } = this.#shown;
    for (let i = 0; update && i < length; i++) {
      if (this.#shown[i]!.display === display) this.#shown[i] = { display, bundle };
    }
    if (!update) this.#keep({ display, bundle });
    const told = { type: "display", cell: this.#cell, display, bundle } as const;
    this.#tell(update ? { ...told, update } : told);
  }

  #keep(shown: ShownBundle): void {
    if (this.#isClearing) this.#shown.length = 0;
    this.#isClearing = false;
    this.#shown.push(shown);
    while (this.#shown.length > 1 && this.#isTooMuch()) this.#shown.shift();
  }

  #isTooMuch(): boolean {
    if (this.#shown.length > most.count) return true;
    return this.#shown.reduce((sum, { bundle }) => sum + weightOf(bundle), 0) > most.bytes;
  }
}

/** About how many bytes a bundle weighs. */
function weightOf(bundle: MimeBundle): number {
  return Object.values(bundle).reduce<number>((sum, part) => {
    return sum + (typeof part === "string" || part instanceof Uint8Array ? part.length : 1_000);
  }, 0);
}
