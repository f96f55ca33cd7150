import type { KernelState, PageNotice } from "../protocol/index.ts";
import type { CellCounts } from "./cell-states.ts";
import { button, element } from "./element.ts";
import type { Connection } from "./session.ts";

type KernelNews = Extract<PageNotice, { type: "kernel" }>;

/** What the person can ask for from the bar. */
export interface TopBarActions {
  stop(): void;
  restart(): void;
  /** Asks for another title, or another name of the file. */
  rename(): void;
  /** Shows the workbook to be read, or to be written. */
  toggleView(): void;
}

const kernelWords: Readonly<Record<KernelState, string>> = {
  none: "kernel not started",
  starting: "kernel starting",
  ready: "kernel ready",
  busy: "kernel busy",
  died: "kernel stopped",
};

/** The line at the top: where one is, whether the server is there, what the kernel does. */
export class TopBar {
  readonly element: HTMLElement;
  readonly #title: HTMLButtonElement;
  readonly #connection = element("span", { class: "chip", "data-state": "connecting" });
  readonly #kernel = element("span", { class: "chip", "data-state": "none", role: "status" });
  readonly #stop: HTMLButtonElement;
  readonly #restart: HTMLButtonElement;
  readonly #view: HTMLButtonElement;
  #counts: CellCounts = { running: 0, queued: 0 };
  #news: KernelNews = { type: "kernel", state: "none" };
  #isConnected = false;

  constructor({ stop, restart, rename, toggleView }: TopBarActions) {
    this.#title = button("", rename, { class: "bar-title", title: "Change title or file" });
    this.#view = button("Edit", toggleView, { class: "small", "aria-pressed": "false" });
    this.#stop = button("Stop", stop, { class: "small", hidden: true });
    this.#stop.title = "Stop what runs (Ctrl+I)";
    this.#restart = button("Restart", restart, { class: "small quiet", hidden: true });
    this.#restart.title = "Start a new kernel: everything it holds is computed again";
    this.element = element(
      "header",
      { class: "top-bar" },
      element("a", { href: "/", class: "wordmark" }, "Simile"),
      this.#title,
      element(
        "span",
        { class: "bar-state" },
        this.#connection,
        this.#kernel,
        this.#stop,
        this.#restart,
        this.#view,
      ),
    );
    this.connection("connecting");
  }

  /** Puts something before the state of the kernel. */
  add(shown: HTMLElement): void {
    this.#connection.before(shown);
  }

  title(text: string): void {
    this.#title.textContent = text;
  }

  view(isWriting: boolean): void {
    this.#view.setAttribute("aria-pressed", String(isWriting));
    this.#view.textContent = isWriting ? "Read" : "Edit";
    this.#view.title = isWriting ? "Hide the code (Ctrl+.)" : "Show the code and edit (Ctrl+.)";
  }

  connection(state: Connection): void {
    this.#connection.dataset["state"] = state;
    this.#connection.textContent =
      state === "open" ? "" : state === "lost" ? "offline" : "connecting";
    this.#connection.hidden = state === "open";
    this.#isConnected = state === "open";
    this.kernel(this.#news);
  }

  /** How many cells run and wait. */
  counts(counts: CellCounts): void {
    this.#counts = counts;
    this.kernel(this.#news);
  }

  kernel(news: KernelNews): void {
    this.#news = news;
    const { state, bytes, cap } = news;
    this.#kernel.dataset["state"] = state;
    const { running, queued } = this.#counts;
    const count = [running > 1 && `${running} running`, queued > 0 && `${queued} queued`];
    const memory = bytes !== undefined && memoryText(bytes) + (cap ? ` of ${memoryText(cap)}` : "");
    const parts = [...count, memory].filter((part) => part !== false);
    this.#kernel.replaceChildren(
      element("span", { class: "chip-word" }, kernelWords[state]),
      element("span", { class: "chip-more" }, parts.map((part) => ` · ${part}`).join("")),
    );
    this.#kernel.title = cap === undefined ? "" : `Holds at most ${memoryText(cap)} of memory`;
    // Of a kernel that cannot be asked nothing is known.
    this.#kernel.hidden = !this.#isConnected;
    this.#stop.hidden = !this.#isConnected || state !== "busy";
    this.#restart.hidden = !this.#isConnected || (state !== "busy" && state !== "ready");
  }
}

function memoryText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
