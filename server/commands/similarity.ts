import {
  explain,
  type SimilarityOptions,
  similarity as similarityOf,
  weightCosine,
} from "../../src/similarity/index.ts";
import { readArguments } from "../arguments.ts";
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
import { type NetworkFile, readNetworkFile } from "../comparing/network-file.ts";
import { readingFlags } from "../comparing/reading.ts";
import { inColumns, outputWidth, provenanceLines, shownNumber } from "../comparing/sentences.ts";
import { interruptible } from "../interruption.ts";

const flags = {
  ...comparisonFlags,
  ...readingFlags,
  explain: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const similarity: Command = {
  summary: "compare two checkpoints: their cosine as tensors",
  usage: `Usage: simile similarity A B [options]

The cosine ⟨A, B⟩ / (‖A‖ ‖B‖) of two networks seen as tensors: 1 when one function is a positive multiple of
the other, whatever the order of hidden units, their scale, or which factor is called left. A and B are
checkpoint files (safetensors, PyTorch, .npz, .npy), of which nothing is run.

${explainUsage}
  --json             print all that is known of the number as JSON; null stands for undefined
${comparisonUsage}

${metricUsage}

Examples:
  simile similarity step_0.pt step_1000.pt
  simile similarity a.safetensors b.safetensors --metric gaussian --json
  simile similarity a.npz b.npz --adapter mine.json --slice 3

Exit status: 0 the number was computed, 1 it could not be, 2 the command line makes no sense,
130 stopped by Ctrl+C. Errors go to standard error.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 2);
    const [a, b] = positionals;
    if (a === undefined || b === undefined) {
      throw new UsageError(
        `Cannot compare: expected two checkpoint files, found ${a === undefined ? "none" : "one"}`,
      );
    }
    const request = await readComparison(values);
    return interruptible((signal) => compare([a, b], request, values, signal));
  },
};

async function compare(
  [a, b]: readonly [string, string],
  request: ComparisonRequest,
  { explain: explaining, json }: { readonly explain: boolean; readonly json: boolean },
  signal: AbortSignal,
): Promise<number> {
  const files = [await readNetworkFile(a, request), await readNetworkFile(b, request)];
  const [first, second] = files as [NetworkFile, NetworkFile];
  if (explaining) {
    const metric = metricToExplain(request);
    const found = await withEngine(request, (options) =>
      explain(first.network, second.network, { ...options, metric, signal }),
    );
    console.log(explanationOutput(found, json));
    return 0;
  }
  const result = await withEngine(request, (options) => {
    const all: SimilarityOptions = { ...options, signal };
    return request.metric === "weight cosine"
      ? weightCosine(first.network, second.network, all)
      : similarityOf(first.network, second.network, all);
  });
  if (json) {
    console.log(JSON.stringify({ ...result, a: first.about, b: second.about }, null, 2));
    return 0;
  }
  const { value, norms } = result;
  const of = ({ about }: NetworkFile, norm: number): string =>
    `${shownNumber(norm, result)}   ${about.file}: ${about.network}, adapter ${about.adapter}`;
  console.log(
    `${shownNumber(value, result)}\n\n${inColumns(
      [
        ["norm of A", of(first, norms[0])],
        ["norm of B", of(second, norms[1])],
        ...provenanceLines(result),
      ],
      outputWidth(),
    )}`,
  );
  return 0;
}
