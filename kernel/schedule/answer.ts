import { type KernelCell, TransferError } from "../../src/protocol/index.ts";
import type { Client, Wish } from "./client.ts";
import type { Stage } from "./stage.ts";
import type { Standing } from "./standing.ts";

/**
 * Answers a wish: with the wanted values, with nothing when the client holds them, or with the error. A
 * value that cannot travel is an error too.
 *
 * @param fresh makes the id of a result that comes of no run
 */
export function answer(
  stage: Stage,
  client: Client,
  { cell, seq, have, since }: Wish,
  standing: Standing & { readonly state: "ready" | "failed" },
  wanted: KernelCell["wanted"],
  fresh: () => string,
): void {
  const { result, stale } = standing;
  const age = result && result.ended < since ? Math.round(stage.now() - result.ended) : undefined;
  const told = {
    type: "result",
    client: client.id,
    seq,
    cell,
    result: result?.id ?? fresh(),
    ms: result?.ms ?? 0,
    ...(result?.preview !== undefined && { preview: result.preview }),
    ...(result?.shown?.length && have !== result.id && { shown: result.shown }),
    ...(stale && { stale }),
    ...(age !== undefined && { age }),
    ...(result?.held.length && have !== result.id && { held: result.held }),
  } as const;
  if (standing.state === "failed") {
    stage.tell({ ...told, error: standing.error });
    return;
  }
  const { id, outputs } = standing.result;
  if (have === id) {
    stage.tell({ ...told, unchanged: true });
    return;
  }
  const values = Object.fromEntries(wanted.map((name) => [name, outputs.get(name)]));
  try {
    stage.tell({ ...told, values });
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    const { name, message } = error;
    stage.tell({ ...told, error: { name, message } });
  }
}
