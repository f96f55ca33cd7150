import type { KernelNotice, MimeBundle } from "../../src/protocol/index.ts";

type Progress = Extract<KernelNotice, { type: "progress" }>;

/** How a display is told: anew, or in place of what was there. */
type Tell = (display: string, bundle: MimeBundle, update: boolean) => void;

interface Bar {
  readonly display: string;
  readonly total: number;
  readonly began: number;
  /** How much was done when it was first told. */
  readonly first: number;
  done: number;
}

let made = 0;

/** What executions tell of their progress, as displays: one for each count, brought up to date in its place. */
export class ProgressDisplays {
  readonly #tell: (execution: string) => Tell;
  readonly #now: () => number;
  readonly #bars = new Map<string, Bar>();

  /** @param now milliseconds */
  constructor(tell: (execution: string) => Tell, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  hear(progress: Progress): void {
    const { cell, done, total } = progress;
    const known = this.#bars.get(cell);
    const isSame = known?.total === total && known.done <= done;
    const bar = isSame
      ? known
      : {
          display: `progress-${process.pid}-${++made}`,
          total,
          began: this.#now(),
          first: done,
          done,
        };
    bar.done = done;
    this.#bars.set(cell, bar);
    const elapsed = this.#now() - bar.began;
    const bundle = bundleOf(progress, bar.first, elapsed);
    this.#tell(cell)(bar.display, bundle, isSame);
  }

  /** The execution is over: what it tells later is another count. */
  end(execution: string): void {
    this.#bars.delete(execution);
  }
}

/** @param elapsed milliseconds since `first` were done */
function bundleOf({ done, total, label }: Progress, first: number, elapsed: number): MimeBundle {
  const count = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  const left = done > first && done < total ? (elapsed / (done - first)) * (total - done) : 0;
  const time = done >= total ? durationText(elapsed) : left > 0 ? `${durationText(left)} left` : "";
  const text = [count, label, time].filter(Boolean).join(" · ");
  const max = total > 0 ? total : 1;
  const share = Math.min(1, Math.max(0, done / max));
  const blocks = Math.round(20 * share);
  return {
    "text/plain": `${"█".repeat(blocks)}${"░".repeat(20 - blocks)} ${text}`,
    "text/html": `<progress style="width:20em;vertical-align:middle" value="${share}" max="1"></progress> ${escaped(text)}`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
