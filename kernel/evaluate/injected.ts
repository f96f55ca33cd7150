import type { KernelNotice } from "../../src/protocol/index.ts";
import { withoutCodeNames } from "../code-name.ts";
import { cellConsole, type LogLevel } from "../output/console.ts";
import type { Displays } from "../output/displays.ts";
import { type Progress, throttledProgress } from "../output/progress.ts";
import { heatmap } from "../rich/heatmap.ts";
import { tags } from "../rich/tags.ts";
import type { Run } from "../schedule/run.ts";
import type { Injected } from "./evaluate.ts";

/** The builtins of one run; what they say is told under its cell. */
export function injectedInto(
  run: Run,
  tell: (notice: KernelNotice) => void,
  displays: Displays,
  directory: string,
  isRunning: () => boolean,
): Injected {
  const cell = run.cell.id;
  const log = (level: LogLevel, text: string): void =>
    tell({ type: "log", cell, level, text: withoutCodeNames(text, directory) });
  const progress: Progress = (done, total, label) => {
    // What a run that was ended still says must not be taken for the word of the next.
    if (!isRunning()) return;
    tell({ type: "progress", cell, done, total, ...(label !== undefined && { label }) });
  };
  return {
    signal: run.controller.signal,
    progress: throttledProgress(progress, () => performance.now()),
    display: displays.display,
    clear: displays.clear,
    ...tags,
    heatmap,
    console: cellConsole(log),
  };
}
