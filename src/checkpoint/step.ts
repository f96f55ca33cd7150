import { stemOf } from "./series/entry.ts";

/** Words after which a number is the training step. */
const stepWords = "global[-_]?step|steps?|checkpoint|ckpt|iteration|iter|it|update|batch|epoch";

/** Words after which a number says which run, part or version it is, not when. */
const labelWords =
  "seed|run|trial|fold|rank|shard|part|layer|head|replica|rep|version|ver|v|model|exp";

const keyed = new RegExp(`(?:^|[^a-z])(?:${stepWords})[-_=. ]*(\\d+)(k|m)?(?![a-z0-9])`, "gi");
const labelled = new RegExp(`(?:^|[^a-z])(?:${labelWords})[-_=. ]*\\d+$`, "i");
const trailing = /(?:^|[-_. ])(\d+)$/;

/**
 * The training step in a checkpoint's path: `step_500.pt`, `step-000123.safetensors`, `000123.npz`,
 * `checkpoint-1000/model.safetensors`, `step10k.pt`; a number after another word, as in `grok_200.pt`.
 * Undefined when there is none: the number in `model_seed_0.pt` says which, not when. The file's own
 * name comes before its folder's.
 */
export function stepOf(path: string): number | undefined {
  const segments = path.split(/[\\/]/);
  const file = segments.pop()!;
  const stem = stemOf(file);
  const folder = segments.at(-1);
  return stepIn(stem) ?? (folder === undefined ? undefined : stepIn(folder));
}

function stepIn(name: string): number | undefined {
  const found = [...name.matchAll(keyed)].at(-1);
  if (found !== undefined) {
    const scale = { k: 1e3, m: 1e6 }[found[2]?.toLowerCase() ?? ""] ?? 1;
    return safe(Number(found[1]) * scale);
  }
  if (labelled.test(name)) return undefined;
  const last = trailing.exec(name);
  return last === null ? undefined : safe(Number(last[1]));
}

function safe(step: number): number | undefined {
  return Number.isSafeInteger(step) ? step : undefined;
}
