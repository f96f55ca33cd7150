import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const library = pathToFileURL(join(import.meta.dirname, "..", "..", "dist", "simile.js")).href;

/** Bytes of a network of the series below in float64. */
const each = 8 * (2 * 32 * 1024 + 16 * 32);
const budget = 12 * 2 ** 20;

/** Most bytes a process of its own holds while it compares `count` networks with each other. */
function peakOf(count: number): number {
  const script = `
    import { randomBilinear, similarityMatrix } from ${JSON.stringify(library)};
    const length = ${count};
    const { layers: [body] } = randomBilinear({ dIn: 1024, dHidden: 32, dOut: 16, seed: 1 });
    const changed = (matrix, seed) => ({ ...matrix, data: matrix.data.map((x, i) => (i === seed ? 2 * x : x)) });
    const network = (seed) => ({ layers: [{ ...body, left: changed(body.left, seed), right: changed(body.right, seed), down: changed(body.down, seed) }] });
    const series = { length, network };
    let peak = 0;
    const look = () => { peak = Math.max(peak, process.memoryUsage.rss()); };
    const timer = setInterval(look, 5);
    const { data, pairs } = await similarityMatrix(series, { engine: "wasm", memory: ${budget}, cache: null, progress: look });
    clearInterval(timer);
    if (!(Math.abs(data[1] - data[length]) === 0 && data[0] > 0.999)) throw new Error("wrong");
    console.log(JSON.stringify({ peak, pairs }));
  `;
  const flags = ["--max-semi-space-size=8", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { peak: number }).peak;
}

test("what is held does not grow with the number of networks, but by their table", () => {
  const [few, many] = [30, 150];
  const grown = peakOf(many) - peakOf(few);
  // The networks alone would be this much more.
  const networks = (many - few) * each;
  expect(networks).toBeGreaterThan(60 * 2 ** 20);
  expect(grown).toBeLessThan(networks / 2);
});
