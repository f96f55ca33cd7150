import { type Audit, audit as auditOf } from "../../src/analysis/index.ts";
import { openSeries } from "../../src/checkpoint/files/index.ts";
import type { CheckpointSeries } from "../../src/checkpoint/index.ts";
import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import {
  comparisonFlags,
  comparisonUsage,
  metricUsage,
  readComparison,
  withEngine,
} from "../comparing/flags.ts";
import { readingFlags } from "../comparing/reading.ts";
import { inColumns, outputWidth } from "../comparing/sentences.ts";
import { interruptible } from "../interruption.ts";
import { ProgressBar } from "../progress-bar.ts";

const flags = {
  ...comparisonFlags,
  ...readingFlags,
  pattern: { type: "string" },
  "no-breaks": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** Exit status when something was found. */
const findingsStatus = 3;

export const audit: Command = {
  summary: "look for what is wrong with a folder of checkpoints",
  usage: `Usage: simile audit DIR [options]

Reads every checkpoint of a run once and says what a person should look at before believing a figure of
it. Nothing is changed, and nothing in a checkpoint is run. What is found is a question, not a verdict.

  unreadable   a file is not the checkpoint it claims to be, or no network can be made of it
  duplicate    checkpoints of different steps hold the same numbers
  missing      a step of the schedule has no checkpoint
  not finite   weights are NaN or infinite
  diverged     weights are more than 1000 times as large as is usual in the run
  label        the step in a name contradicts the step in the file, or another name
  break        a network that does not follow from those before and after it

  --pattern GLOB     only files such as "seed_?/step_*.pt"
  --no-breaks        compare no networks, which takes most of the time
  --json             print the findings as JSON
${comparisonUsage}

${metricUsage}

Examples:
  simile audit run/
  simile audit run/ --json | jq '.findings[].message'
  simile audit run/ --no-breaks && simile matrix run/ -o m.npz

Exit status: 0 nothing was found, 3 something was found, 1 the folder could not be read, 2 the command
line makes no sense, 130 stopped by Ctrl+C.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 1);
    const [folder] = positionals;
    if (folder === undefined) throw new UsageError("Cannot audit: expected DIR, found none");
    const { pattern, json } = values;
    const request = await readComparison(values);
    if (request.metric === "weight cosine") {
      throw new UsageError("Cannot audit by --metric weight-cosine: expected a metric of networks");
    }
    const { metric } = request;
    return interruptible(async (signal) => {
      const series = await openSeries(folder, {
        signal,
        settings: request.settings,
        ...(request.adapter && { adapter: request.adapter }),
        ...(pattern !== undefined && { pattern }),
      });
      const bar = new ProgressBar(process.stderr, series.length);
      const found = await withEngine(request, (options) =>
        auditOf(series, {
          ...options,
          metric,
          signal,
          // Without an adapter there are no networks to compare, which is a finding of its own.
          breaks: !values["no-breaks"] && series.describe().adapter !== undefined,
          progress: (done) => bar.update(done, "checkpoints"),
        }),
      ).finally(() => bar.clear());
      signal.throwIfAborted();
      console.log(json ? jsonOf(folder, series, found) : textOf(folder, series, found));
      return found.findings.length === 0 ? 0 : findingsStatus;
    });
  },
};

function jsonOf(folder: string, series: CheckpointSeries, found: Audit): string {
  const { summary, adapter, mismatch } = series.describe();
  const findings = found.findings.map((finding) => ({
    ...finding,
    files: finding.checkpoints.map((index) => series.sources[index]),
  }));
  return JSON.stringify({ folder, summary, adapter, mismatch, ...found, findings }, null, 2);
}

function textOf(folder: string, series: CheckpointSeries, { findings, schedule }: Audit): string {
  const { summary } = series.describe();
  const head = `${folder}: ${summary}${schedule === undefined ? "" : `; stored at ${schedule}`}`;
  if (findings.length === 0) return `${head}\n\nNothing was found`;
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const lines = findings.map(({ kind, message }) => [kind, message] as const);
  return `${head}\n\n${count}\n\n${inColumns(lines, outputWidth())}`;
}
