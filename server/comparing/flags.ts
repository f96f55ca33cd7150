import { type EngineName, openEngine } from "../../src/engine/index.ts";
import "../../src/engine/node/index.ts";
import { type Metric, metrics, type SimilarityOptions } from "../../src/similarity/index.ts";
import type { Engine, Precision } from "../../src/tensor/index.ts";
import { readChoice, readInteger } from "../arguments.ts";
import { UsageError } from "../command.ts";
import { type ReadingRequest, readingUsage, readReading } from "./reading.ts";

const engines = ["auto", "wasm", "onnx", "tfjs", "reference"] as const satisfies EngineName[];
const precisions = ["float64", "float32"] as const satisfies Precision[];

/** The baseline that looks at weights, not at tensors: it takes no engine. */
const weightCosine = "weight cosine";

/** What `--metric` can name. */
const choices: readonly (Metric | typeof weightCosine)[] = [...metrics, weightCosine];

/** The flags of every command that compares networks, beside those that say how to read them. */
export const comparisonFlags = {
  metric: { type: "string" },
  slice: { type: "string" },
  "no-symmetrise": { type: "boolean", default: false },
  engine: { type: "string" },
  precision: { type: "string" },
  threads: { type: "string" },
} as const;

/** What `--help` says of {@link comparisonFlags} and of those for reading. */
export const comparisonUsage: string = `  --metric NAME      what is compared; see Metrics (default: by the networks)
  --slice K          output K only, counted from 0 (default: all outputs together)
  --no-symmetrise    tell the left and the right factor of a layer apart
  --engine NAME      ${engines.join(", ")} (default auto: wasm)
  --precision P      ${precisions.join(" or ")} (default: float64 where the engine has it)
  --threads N        threads to compute with (default: as many as the machine runs at once)
${readingUsage}`;

/** What `--help` says of the metrics. */
export const metricUsage: string = `Metrics (a name with a space may be written with "-"):
  symmetric            one bilinear layer; the default there; exact
  frobenius            one bilinear layer, left and right told apart; exact
  padded               one bilinear layer with biases and residual; exact
  gaussian             one bilinear layer, as a mean over normal inputs; exact
  recursion            any number of bilinear layers; the default there
  frobenius-recursion  the same, left and right told apart
  closure              any layers, attention too; the default there; approximate beyond one layer
  exact-gaussian       what closure approximates; two bilinear layers, or few inputs
  exact-symmetric      the parts of highest degree; two bilinear layers, or few inputs
  weight-cosine        baseline: the weights as one long vector`;

/** The values of {@link comparisonFlags} as they were given. */
export interface ComparisonValues {
  readonly metric?: string | undefined;
  readonly slice?: string | undefined;
  readonly "no-symmetrise": boolean;
  readonly engine?: string | undefined;
  readonly precision?: string | undefined;
  readonly threads?: string | undefined;
  readonly adapter?: string | undefined;
  readonly setting?: readonly string[] | undefined;
}

/** How networks are to be compared, as the command line says. */
export interface ComparisonRequest extends ReadingRequest {
  /** `"weight cosine"` is a baseline with functions of its own. */
  readonly metric: Metric | typeof weightCosine | undefined;
  readonly slice: number | null;
  readonly symmetrise: boolean;
  readonly engine: EngineName;
  readonly precision: Precision | undefined;
  readonly threads: number | undefined;
}

/**
 * @throws {UsageError} when a value makes no sense
 * @throws {CheckpointError} or {AdapterError} when the adapter's file cannot be read or holds none
 */
export async function readComparison(values: ComparisonValues): Promise<ComparisonRequest> {
  const metric = values.metric?.replaceAll("-", " ");
  const engine = values.engine;
  const precision = values.precision;
  const request: Omit<ComparisonRequest, keyof ReadingRequest> = {
    metric: metric === undefined ? undefined : readChoice("--metric", metric, choices),
    slice: values.slice === undefined ? null : readInteger("--slice", values.slice, 0, 1e9),
    symmetrise: !values["no-symmetrise"],
    engine: engine === undefined ? "auto" : readChoice("--engine", engine, engines),
    precision:
      precision === undefined ? undefined : readChoice("--precision", precision, precisions),
    threads:
      values.threads === undefined ? undefined : readInteger("--threads", values.threads, 1, 1024),
  };
  if (request.metric === weightCosine) {
    for (const flag of ["no-symmetrise", "engine", "precision", "threads"] as const) {
      if (values[flag] === undefined || values[flag] === false) continue;
      throw new UsageError(`Cannot use --${flag} with --metric weight-cosine: it has no effect`);
    }
  }
  return { ...request, ...(await readReading(values)) };
}

/**
 * Opens the engine asked for, and gives the options of the library's functions to `work`.
 *
 * @throws {RangeError} and {Error} as the library's `openEngine`
 */
export async function withEngine<T>(
  request: ComparisonRequest,
  work: (options: SimilarityOptions) => Promise<T>,
): Promise<T> {
  const { metric, slice, symmetrise, precision, threads } = request;
  if (metric === weightCosine) return work({ slice });
  const engine: Engine = await openEngine(request.engine, threads === undefined ? {} : { threads });
  try {
    return await work({ metric, slice, symmetrise, precision, engine });
  } finally {
    await engine.dispose();
  }
}
