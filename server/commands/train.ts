import { basename, resolve } from "node:path";
import type { StoredType } from "../../src/checkpoint/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import "../../src/engine/node/index.ts";
import type { Precision } from "../../src/tensor/index.ts";
import {
  grokkingSettings,
  modularAddition,
  powerLawSchedule,
  type Task,
  type TrainingSettings,
  train as trainNetwork,
} from "../../src/training/index.ts";
import { readArguments, readChoice, readInteger, readNumber } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { duration, ProgressBar } from "../progress-bar.ts";
import { type RunDescription, RunFolder } from "../training/run-folder.ts";

const stores = ["F64", "F32", "F16", "BF16"] as const satisfies readonly StoredType[];
const precisions = ["float64", "float32"] as const satisfies readonly Precision[];
const defaults = grokkingSettings;

const flags = {
  out: { type: "string" },
  p: { type: "string", default: "113" },
  hidden: { type: "string", default: String(defaults.hidden) },
  lr: { type: "string", default: String(defaults.learningRate) },
  "weight-decay": { type: "string", default: String(defaults.weightDecay) },
  batch: { type: "string", default: String(defaults.batch) },
  "held-out": { type: "string", default: String(defaults.heldOut) },
  steps: { type: "string", default: String(defaults.steps) },
  checkpoints: { type: "string", default: "100" },
  seed: { type: "string", default: String(defaults.seed) },
  precision: { type: "string", default: defaults.precision },
  store: { type: "string" },
  gzip: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const train: Command = {
  summary: "train a small network and keep its checkpoints",
  usage: `Usage: simile train modular-addition --out DIR [options]

Trains a one-layer bilinear network D (L x ⊙ R x) to add modulo p. Writes a checkpoint at each step of a
schedule that is dense at first (step-000000.safetensors, …: left, right, down), and history.json: loss
and accuracy on the pairs trained on and on those held out. The same flags give the same files. The
defaults are the setting of arXiv 2605.15183. Ctrl+C stops between two steps; what is written stays.

  --out DIR          folder of the run, new or empty
  --force            replace an earlier run in DIR; other files stay
  --p N              modulus (default ${flags.p.default})
  --hidden N         hidden units (default ${flags.hidden.default})
  --lr X             learning rate of AdamW (default ${flags.lr.default})
  --weight-decay X   decoupled weight decay (default ${flags["weight-decay"].default})
  --batch N          pairs of one step (default ${flags.batch.default})
  --held-out X       fraction of the pairs held out (default ${flags["held-out"].default})
  --steps N          steps (default ${flags.steps.default})
  --checkpoints N    keep steps floor(steps (i/(N-1))^5), i = 0 … N-1, each once (default ${flags.checkpoints.default})
  --seed N           decides the split, the first weights and the order (default ${flags.seed.default})
  --precision P      float64 or float32, of the computation (default ${flags.precision.default})
  --store TYPE       F64, F32, F16 or BF16, of the files (default: as computed, nothing lost)
  --gzip             pack each file by gzip (step-000000.safetensors.gz, …)
  --json             print the outcome as JSON

Examples:
  simile train modular-addition --out run
  simile train modular-addition --out small --p 23 --hidden 32 --steps 5000 --checkpoints 40 --json

Exit status: 0 the run was trained and written, 1 it could not be, 2 the command line makes no sense,
130 stopped by Ctrl+C.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 1);
    const [name] = positionals;
    if (name !== "modular-addition") {
      const found = name === undefined ? "none" : JSON.stringify(name);
      throw new UsageError(`Cannot train: expected the task modular-addition, found ${found}`);
    }
    if (!values.out) throw new UsageError("Cannot train: expected --out DIR, found no folder");
    const precision = readChoice("--precision", values.precision, precisions);
    const settings: TrainingSettings = {
      hidden: readInteger("--hidden", values.hidden, 1, 65_536),
      learningRate: readNumber("--lr", values.lr, 0, 1000),
      weightDecay: readNumber("--weight-decay", values["weight-decay"], 0, 1000),
      batch: readInteger("--batch", values.batch, 1, 1e9),
      heldOut: readNumber("--held-out", values["held-out"], 0, 1),
      steps: readInteger("--steps", values.steps, 1, 1e12),
      seed: readInteger("--seed", values.seed, 0, 1e14),
      precision,
    };
    const checkpoints = readInteger("--checkpoints", values.checkpoints, 2, 1e6);
    const asComputed = precision === "float64" ? "F64" : "F32";
    return run({
      task: modularAddition(readInteger("--p", values.p, 2, 4096)),
      settings,
      checkpoints,
      store: readChoice("--store", values.store ?? asComputed, stores),
      gzip: values.gzip,
      out: values.out,
      force: values.force,
      json: values.json,
    });
  },
};

interface Request {
  readonly task: Task;
  readonly settings: TrainingSettings;
  /** Length of the schedule before repeats are dropped. */
  readonly checkpoints: number;
  readonly store: StoredType;
  readonly gzip: boolean;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** Exit status of a process ended by these signals, by the shell's convention. */
const interrupted = { SIGINT: 130, SIGTERM: 143 } as const;

async function run(request: Request): Promise<number> {
  const { task, settings } = request;
  const engine = await openEngine("wasm", { threads: 0 });
  const description: RunDescription = {
    task: { name: task.name, parameters: task.parameters },
    settings,
    store: request.store,
    gzip: request.gzip,
    command: commandOf(request),
    engine: engine.info,
  };
  const folder = await RunFolder.open(request.out, description, request.force);
  const bar = new ProgressBar(process.stderr, settings.steps);
  const controller = new AbortController();
  let status = 0;
  // Once each: a second Ctrl+C ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      status = interrupted[signal];
      controller.abort();
    });
  }
  try {
    await trainNetwork({
      ...settings,
      task,
      engine,
      schedule: powerLawSchedule(settings.steps, request.checkpoints),
      signal: controller.signal,
      onCheckpoint: (checkpoint) => folder.add(checkpoint),
      progress(done, _, batch) {
        const seen = `loss ${batch.loss.toPrecision(3)}, accuracy ${percent(batch.accuracy)}`;
        const unseen = percent(folder.rows.at(-1)?.validationAccuracy ?? 0);
        bar.update(done, `${seen}, held out ${unseen}`);
      },
    });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    bar.clear();
    await engine.dispose();
  }
  report(folder, request, status !== 0);
  return status;
}

function report(folder: RunFolder, { settings, json }: Request, stopped: boolean): void {
  const last = folder.rows.at(-1);
  if (json) {
    const { path, rows, seconds } = folder;
    console.log(
      JSON.stringify({ folder: resolve(path), checkpoints: rows.length, stopped, seconds, last }),
    );
    return;
  }
  if (stopped) console.log("Stopped before the last step");
  console.log(
    last === undefined
      ? `Wrote nothing into ${folder.path}`
      : `Wrote ${folder.rows.length} checkpoints, up to step ${last.step} of ${settings.steps}, and history.json into ${folder.path} in ${duration(folder.seconds)}
At step ${last.step}: accuracy ${percent(last.trainAccuracy)} on the pairs trained on, ${percent(last.validationAccuracy)} on those held out`,
  );
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

/** The command with every setting, so that it stays the same run when a default changes. */
function commandOf({ task, settings, checkpoints, store, gzip, out }: Request): string {
  const given: Readonly<Record<string, string | number>> = {
    out: basename(resolve(out)),
    ...task.parameters,
    hidden: settings.hidden,
    lr: settings.learningRate,
    "weight-decay": settings.weightDecay,
    batch: settings.batch,
    "held-out": settings.heldOut,
    steps: settings.steps,
    checkpoints,
    seed: settings.seed,
    precision: settings.precision,
    store,
  };
  const words = Object.entries(given).map(([flag, value]) => `--${flag} ${value}`);
  return `simile train ${task.name} ${words.join(" ")}${gzip ? " --gzip" : ""}`;
}
