import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resultFolder } from "../../../src/index.node.ts";
import { randomBilinear } from "../../../src/model/index.ts";
import { SimilarityCache, similarityMatrix } from "../../../src/similarity/index.ts";
import { Random } from "../../../src/tensor/index.ts";

const library = fileURLToPath(new URL("../../../dist/simile.js", import.meta.url));
const count = 40;
/** A child starts for each; CI kills more of them. */
const kills = Math.min(Number(process.env["KILL_ROUNDS"] ?? 10), 100);

const networks = Array.from({ length: count }, (_, seed) =>
  randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed }),
);

/** Computes the matrix with results in a folder, and says how many pairs are done. */
const program = `
const { randomBilinear, resultFolder, SimilarityCache, similarityMatrix } = await import(${JSON.stringify(library)});
const networks = Array.from({ length: ${count} }, (_, seed) => randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed }));
await similarityMatrix(networks, {
  engine: "reference",
  cache: new SimilarityCache({ results: resultFolder(process.argv[1]) }),
  progress: (done) => process.stdout.write(done + "\\n"),
});
setInterval(() => {}, 1000);
`;

/** Kills a child once it has said that so many pairs are done; how many it said last. */
function killed(folder: string, pairs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let done = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      done = Number(chunk.toString().trim().split("\n").at(-1));
      if (done >= pairs) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("exit", (_, signal) => {
      if (signal === "SIGKILL") resolve(done);
      else reject(new Error(`Expected the child to be killed, found ${signal}`));
    });
  });
}

test(`a matrix that was killed at ${kills} random times is finished, its work not lost, to the last bit`, {
  timeout: 300_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "simile-killed-"));
  try {
    const whole = await similarityMatrix(networks, { engine: "reference" });
    const random = new Random(2026);
    const found: number[] = [];
    const lane = async (first: number) => {
      for (let k = first; k < kills; k += 2) {
        const own = join(folder, String(k));
        const done = await killed(own, whole.pairs * random.uniform());
        const resumed = await similarityMatrix(networks, {
          engine: "reference",
          cache: new SimilarityCache({ results: resultFolder(own) }),
        });
        expect(resumed.data).toEqual(whole.data);
        expect(resumed.norms).toEqual(whole.norms);
        const kept = resumed.pairs - resumed.computed;
        // Lost are the rows that were being written.
        expect(kept).toBeGreaterThan(done - 4 * count);
        found.push(kept);
        await rm(own, { recursive: true, force: true });
      }
    };
    await Promise.all([lane(0), lane(1)]);
    expect(found).toHaveLength(kills);
    // In the midst of it, most of the time.
    const midst = found.filter((pairs) => pairs > 0 && pairs < whole.pairs);
    expect(midst.length).toBeGreaterThan(kills / 2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
