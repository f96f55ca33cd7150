import { fasterEngine, sharedEngine } from "../../engine/index.ts";
import type { Engine, EngineInfo, Precision } from "../../tensor/index.ts";
import type { SimilarityOptions } from "../options.ts";
import { type Job, plannedEngine, planOf } from "./plan.ts";

/** Seconds that a job may take before `"auto"` looks for a faster engine. */
const patience = 1;
/** A native engine must be this many times as fast: what it computes is not the same on all machines. */
const gain = 1.25;

/**
 * The engine and precision of a job: those asked for, else wasm in float64. `"auto"` takes the native
 * engine of this environment for a job that is predicted to last above a second and to be faster there,
 * by nominal rates; where it is not installed, wasm.
 *
 * @throws {RangeError} when there is no engine of that name
 */
export async function engineFor(
  job: Job,
  { engine: asked = "auto", precision }: Pick<SimilarityOptions, "engine" | "precision">,
): Promise<{ readonly engine: Engine; readonly precision: Precision }> {
  const usual = typeof asked === "object" ? asked : await sharedEngine(asked);
  const own = precision ?? bestOf(usual.info);
  const faster = asked === "auto" ? fasterEngine(own) : undefined;
  if (!faster) return { engine: usual, precision: own };
  const here = planOf(job, { engine: plannedEngine(usual), precision: own });
  const { threads } = usual.info;
  const there = planOf(job, { engine: { name: faster, threads, forms: true }, precision: own });
  if (here.seconds <= patience || here.seconds < gain * there.seconds) {
    return { engine: usual, precision: own };
  }
  // Not being installed is no error: nobody asked for it.
  const engine = await sharedEngine(faster).catch(() => usual);
  return { engine, precision: own };
}

/** float64, unless the engine has only float32. */
function bestOf({ precisions }: EngineInfo): Precision {
  return precisions.includes("float64") ? "float64" : "float32";
}
