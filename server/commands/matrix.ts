import { resultsFolder } from "../../kernel/process/index.ts";
import { resultFolder } from "../../src/similarity/files/index.ts";
import {
  explain,
  type SeriesOptions,
  SimilarityCache,
  similarityMatrix,
  weightCosineMatrix,
} from "../../src/similarity/index.ts";
import { readArguments, readBytes } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { explainUsage, explanationOutput, metricToExplain } from "../comparing/explaining.ts";
import {
  type ComparisonRequest,
  comparisonFlags,
  comparisonUsage,
  metricUsage,
  readComparison,
  withEngine,
} from "../comparing/flags.ts";
import {
  checkMatrixFile,
  jsonOf,
  type MatrixResult,
  writeMatrixFile,
} from "../comparing/matrix-file.ts";
import { matrixTable } from "../comparing/matrix-table.ts";
import { readingFlags } from "../comparing/reading.ts";
import { inColumns, outputWidth, provenanceLines } from "../comparing/sentences.ts";
import { type NamedSeries, namedSeries } from "../comparing/series-of-files.ts";
import { interruptible } from "../interruption.ts";
import { duration, ProgressBar } from "../progress-bar.ts";

const flags = {
  ...comparisonFlags,
  ...readingFlags,
  out: { type: "string", short: "o" },
  force: { type: "boolean", default: false },
  pattern: { type: "string" },
  "as-given": { type: "boolean", default: false },
  memory: { type: "string" },
  "no-cache": { type: "boolean", default: false },
  explain: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const matrix: Command = {
  summary: "compare every pair of many checkpoints",
  usage: `Usage: simile matrix DIR [-o FILE] [options]
       simile matrix FILE FILE … [-o FILE] [options]

The matrix of cosines of every pair of checkpoints. Those of a folder come in the order of the training
steps in their names; so do files when every name has one. Nothing in a checkpoint is run. Without -o the
matrix is printed, as much of it as fits. Progress goes to standard error; Ctrl+C stops and leaves no file.

  -o, --out FILE     .npz, .csv or .json; the file is whole or not there
  --force            replace FILE
  --pattern GLOB     of the folder, only files such as "seed_?/step_*.pt"
  --as-given         keep files in the order they are given in
  --memory SIZE      of networks held at one time, e.g. 512M or 4G (default: 1G or 2G); any number of
                     checkpoints can be compared, with the same result
  --no-cache         compute every pair anew; else what was computed before is remembered, by the content
                     of both networks, so a run goes on where it was stopped
${explainUsage}
  --json             print all that is known as JSON; null stands for undefined
${comparisonUsage}

${metricUsage}

In NumPy:
  z = numpy.load("m.npz")
  z["matrix"], z["norms"], z["steps"], z["labels"]      float64 (n, n), float64 (n,), int64 (n,), texts (n,)
  json.loads(str(z["provenance"]))                      metric, exact or approximate, engine, files, …
  pandas.read_csv("m.csv", index_col=0)

Examples:
  simile matrix run/ -o m.npz
  simile matrix run/step_*.pt --metric gaussian --slice 0 -o m.csv
  simile matrix a.safetensors b.safetensors c.safetensors --json

Exit status: 0 the matrix was computed and written, 1 it could not be, 2 the command line makes no sense,
130 stopped by Ctrl+C.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, Number.POSITIVE_INFINITY);
    if (positionals.length === 0) {
      throw new UsageError("Cannot compare: expected a folder or files of checkpoints, found none");
    }
    const { out, force, pattern, "as-given": asGiven, json } = values;
    const comparison = await readComparison(values);
    const memory =
      values.memory === undefined ? undefined : readBytes("--memory", values.memory, 2 ** 20);
    if (out !== undefined) await checkMatrixFile(out, force);
    return interruptible(async (signal) => {
      const series = await namedSeries(positionals, {
        adapter: comparison.adapter,
        settings: comparison.settings,
        pattern,
        asGiven,
        signal,
      });
      for (const warning of series.warnings) console.error(warning);
      if (values.explain) {
        const metric = metricToExplain(comparison);
        const found = await withEngine(comparison, (options) =>
          explain(series, { ...options, metric, memory, signal }),
        );
        console.log(explanationOutput(found, json));
        return 0;
      }
      const cache = values["no-cache"] ? null : remembered();
      return compareAll(series, comparison, { out, json, memory, cache, signal });
    });
  },
};

/** What this person's processes have computed before; null when nothing is to be kept. */
function remembered(): SimilarityCache | null {
  const folder = resultsFolder();
  return folder === "" ? null : new SimilarityCache({ results: resultFolder(folder) });
}

interface Means {
  readonly out: string | undefined;
  readonly json: boolean;
  readonly memory: number | undefined;
  readonly cache: SimilarityCache | null;
  readonly signal: AbortSignal;
}

async function compareAll(
  series: NamedSeries,
  comparison: ComparisonRequest,
  { out, json, memory, cache, signal }: Means,
): Promise<number> {
  // A log begins with what is going on; a terminal shows it all along.
  if (!process.stderr.isTTY) console.error(`Comparing ${series.length} networks`);
  let bar: ProgressBar | undefined;
  const progress = (done: number, total: number): void => {
    bar ??= new ProgressBar(process.stderr, total);
    bar.update(done, "pairs");
  };
  let result: MatrixResult;
  try {
    const matrix = await withEngine(comparison, (options) => {
      const all: SeriesOptions = { ...options, memory, cache, signal, progress };
      return comparison.metric === "weight cosine"
        ? weightCosineMatrix(series, all)
        : similarityMatrix(series, all);
    });
    result = { matrix, labels: series.labels, files: series.files };
  } finally {
    bar?.clear();
  }
  signal.throwIfAborted();
  if (out !== undefined) await writeMatrixFile(out, result);
  const { matrix, labels } = result;
  for (const note of matrix.notes) console.error(note);
  if (json) console.log(jsonOf(result));
  else {
    if (out === undefined) console.log(`${matrixTable(matrix, labels, outputWidth())}\n`);
    const { pairs, computed, seconds } = matrix;
    const known = computed === pairs ? "" : `, ${pairs - computed} of them remembered`;
    const lines: (readonly [string, string])[] = [
      ["pairs", `${pairs} of ${series.length} networks in ${duration(seconds)}${known}`],
      ...provenanceLines(matrix),
    ];
    if (out !== undefined) lines.unshift(["written", out]);
    console.log(inColumns(lines, outputWidth()));
  }
  return 0;
}
