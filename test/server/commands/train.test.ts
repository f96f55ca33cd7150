import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { RunHistory } from "../../../server/training/run-folder.ts";
import { openCheckpoint } from "../../../src/checkpoint/files/index.ts";
import { tensorOf } from "../../../src/checkpoint/index.ts";
import { buildCommand, type Outcome, startSimile } from "../../support/command-line.ts";

// Processes, and thousands of steps: a busy machine may take long.
vi.setConfig({ testTimeout: 30_000 });

const scratch = mkdtempSync(join(tmpdir(), "simile-train-"));
beforeAll(buildCommand, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const small = ["--p", "5", "--hidden", "4", "--batch", "8", "--steps", "30", "--checkpoints", "6"];

function trainInto(folder: string, ...more: string[]): Promise<Outcome> {
  return startSimile(["train", "modular-addition", "--out", folder, ...small, ...more]);
}

function historyOf(folder: string): RunHistory {
  return JSON.parse(readFileSync(join(folder, "history.json"), "utf8"));
}

const steps = [0, 2, 9, 30];
const names = [
  "history.json",
  ...steps.map((step) => `step-${`${step}`.padStart(6, "0")}.safetensors`),
];

test("a run leaves a checkpoint for each step of the schedule, and its history", async () => {
  const folder = join(scratch, "new", "run");
  const { status, output } = await trainInto(folder, "--held-out", "0.4");
  expect(status).toBe(0);
  expect(output).toMatch(
    /^Wrote 4 checkpoints, up to step 30 of 30, and history\.json into .*run in \d+ s\nAt step 30: accuracy [\d.]+ % on the pairs trained on, [\d.]+ % on those held out\n$/,
  );
  expect(readdirSync(folder).sort()).toEqual(names);

  const history = historyOf(folder);
  expect(history).toMatchObject({
    task: { name: "modular-addition", parameters: { p: 5 } },
    settings: {
      hidden: 4,
      learningRate: 1e-3,
      weightDecay: 0.3,
      batch: 8,
      heldOut: 0.4,
      steps: 30,
      seed: 0,
      precision: "float64",
    },
    store: "F64",
    gzip: false,
    command:
      "simile train modular-addition --out run --p 5 --hidden 4 --lr 0.001 --weight-decay 0.3 --batch 8 --held-out 0.4 --steps 30 --checkpoints 6 --seed 0 --precision float64 --store F64",
  });
  expect(history.rows.map(({ step }) => step)).toEqual(steps);
  expect(Object.keys(history.rows[0]!)).toEqual([
    "step",
    "trainLoss",
    "validationLoss",
    "trainAccuracy",
    "validationAccuracy",
  ]);

  const checkpoint = await openCheckpoint(join(folder, "step-000009.safetensors"));
  expect(checkpoint.metadata).toEqual({ task: "modular-addition", step: "9" });
  expect(
    [...checkpoint.tensors].map(([name, { type, shape }]) => [name, type, shape]).sort(),
  ).toEqual([
    ["down", "F64", [5, 4]],
    ["left", "F64", [4, 10]],
    ["right", "F64", [4, 10]],
  ]);
});

test("the recorded command makes the same files, and --store rounds only what is stored", async () => {
  const [first, again, rounded] = ["first", "again", "rounded"].map((name) => join(scratch, name));
  await trainInto(first!, "--seed", "7");
  const command = historyOf(first!).command.split(" ").slice(1);
  command[command.indexOf("--out") + 1] = again!;
  expect((await startSimile(command)).status).toBe(0);
  for (const name of names.slice(1)) {
    expect(readFileSync(join(again!, name))).toEqual(readFileSync(join(first!, name)));
  }
  await trainInto(rounded!, "--seed", "7", "--store", "F16");
  expect(historyOf(rounded!).rows).toEqual(historyOf(first!).rows);
  const last = "step-000030.safetensors";
  const exact = tensorOf((await openCheckpoint(join(first!, last))).tensors.get("left")!);
  const stored = (await openCheckpoint(join(rounded!, last))).tensors.get("left")!;
  expect(stored.type).toBe("F16");
  tensorOf(stored).data.forEach((value, i) => {
    expect(Math.abs(value - exact.data[i]!)).toBeLessThanOrEqual(2 ** -11 * Math.abs(value));
  });
});

test("--gzip packs each checkpoint, and --force replaces packed ones too", async () => {
  const folder = join(scratch, "packed");
  await trainInto(folder, "--gzip");
  const packed = names.map((name) => name.replace(/safetensors$/, "safetensors.gz"));
  expect(readdirSync(folder).sort()).toEqual(packed);
  expect(historyOf(folder).command).toMatch(/ --store F64 --gzip$/);
  expect((await openCheckpoint(join(folder, packed[1]!))).metadata["step"]).toBe("0");
  await trainInto(folder, "--force");
  expect(readdirSync(folder).sort()).toEqual(names);
});

test("a folder that holds something is refused; --force replaces a run and keeps other files", async () => {
  const folder = join(scratch, "taken");
  await trainInto(folder);
  writeFileSync(join(folder, "notes.txt"), "mine");
  writeFileSync(join(folder, "step-000777.safetensors"), "of an earlier run");
  const before = readFileSync(join(folder, "history.json"));
  expect(await trainInto(folder, "--seed", "2")).toEqual({
    status: 1,
    output: "",
    errors: `Cannot write into ${folder}: expected an empty or new folder, found 7 entries; --force replaces an earlier run\n`,
  });
  // A run that cannot start replaces nothing either.
  expect((await trainInto(folder, "--force", "--held-out", "0")).status).toBe(1);
  expect(readFileSync(join(folder, "history.json"))).toEqual(before);

  expect((await trainInto(folder, "--seed", "2", "--force")).status).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([...names, "notes.txt"].sort());
  expect(historyOf(folder).settings.seed).toBe(2);
});

test("--json says the outcome as JSON", async () => {
  const folder = join(scratch, "json");
  const { output } = await trainInto(folder, "--json");
  expect(JSON.parse(output)).toMatchObject({
    folder,
    checkpoints: 4,
    stopped: false,
    last: historyOf(folder).rows.at(-1),
  });
});

test("Ctrl+C stops between two steps; the files written so far are whole", async () => {
  const folder = join(scratch, "stopped");
  const running = startSimile(
    ["train", "modular-addition", "--out", folder, "--p", "11", "--steps", "1000000000"],
    (child) => {
      const poll = setInterval(() => {
        const written = readdirSync(scratch).includes("stopped") && readdirSync(folder).length > 3;
        if (!written) return;
        clearInterval(poll);
        child.kill("SIGINT");
      }, 20);
    },
  );
  const { status, output } = await running;
  expect(status).toBe(130);
  expect(output).toMatch(
    /^Stopped before the last step\nWrote \d+ checkpoints, up to step \d+ of /,
  );
  const { rows } = historyOf(folder);
  const files = readdirSync(folder).filter((name) => name !== "history.json");
  expect(files.length).toBe(rows.length);
  for (const name of files) {
    expect((await openCheckpoint(join(folder, name))).tensors.size).toBe(3);
  }
});

test.for<[string[], string]>([
  [[], "Cannot train: expected the task modular-addition, found none"],
  [["poetry"], 'Cannot train: expected the task modular-addition, found "poetry"'],
  [["modular-addition"], "Cannot train: expected --out DIR, found no folder"],
  [["--p", "1"], "Cannot use --p 1: expected a whole number from 2 to 4096"],
  [["--steps", "1e3"], "Cannot use --steps 1e3: expected a whole number from 1 to 1000000000000"],
  [["--lr", "fast"], "Cannot use --lr fast: expected a number from 0 to 1000"],
  [["--held-out", "2"], "Cannot use --held-out 2: expected a number from 0 to 1"],
  [["--store", "I8"], "Cannot use --store I8: expected one of F64, F32, F16, BF16"],
  [["--precision", "half"], "Cannot use --precision half: expected one of float64, float32"],
])("%o makes no sense: status 2, a sentence, the usage", async ([args, sentence]) => {
  const flags = args[0]?.startsWith("--")
    ? ["modular-addition", "--out", join(scratch, "never"), ...args]
    : args;
  const { status, output, errors } = await startSimile(["train", ...flags]);
  expect(status).toBe(2);
  expect(output).toBe("");
  expect(errors.split("\n")[0]).toBe(sentence);
  expect(errors).toContain("Usage: simile train modular-addition --out DIR");
  expect(readdirSync(scratch)).not.toContain("never");
});
