import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/analysis/index.ts";
import { type BilinearLayer, randomBilinear } from "../../../src/model/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { between, fileOf, found, run } from "../../support/audited-run.ts";

describe("breaks in similarity", () => {
  const kinds = (findings: readonly Finding[]) =>
    findings.map(({ kind, checkpoints }) => [kind, checkpoints]);

  test.for([1, 5, 8])("a network of another run in place of checkpoint %d", async (at) => {
    const findings = await found(run({ [at]: fileOf(between(7, at / 24)) }));
    expect(kinds(findings)).toEqual([["break", [at]]]);
    expect(findings[0]!.message).toContain(
      `step_${100 * at} does not belong between step_${100 * (at - 1)} and step_${100 * (at + 1)}: it is `,
    );
  });

  test.for([1, 4, 7])("checkpoints %d and the next exchanged", async (at) => {
    const [first, second] = [at, at + 1].map((i) => fileOf(between(1, i / 24)));
    const findings = await found(run({ [at]: second, [at + 1]: first }));
    expect(kinds(findings)).toEqual([["break", [at, at + 1]]]);
    expect(findings[0]!.message).toBe(
      `step_${100 * at} and step_${100 * (at + 1)} seem to be in the wrong order`,
    );
  });

  test.for([2, 5, 7, 9])("another run from checkpoint %d on", async (from) => {
    const other = Array.from({ length: 10 }, (_, i) => [i, fileOf(between(7, i / 24))] as const);
    const findings = await found(run(Object.fromEntries(other.slice(from))));
    expect(kinds(findings)).toEqual([["break", [from - 1, from]]]);
    expect(findings[0]!.message).toMatch(/ it may be another run$/);
  });

  test("a network of another shape", async () => {
    const findings = await found(
      run({ 4: fileOf(randomBilinear({ dIn: 5, dHidden: 3, dOut: 3 })) }),
    );
    expect(kinds(findings)).toEqual([
      ["break", [4]],
      ["break", [5]],
    ]);
    expect(findings[0]!.message).toContain("step_400 cannot be compared with step_300: ");
  });

  test("a network that only rests in noise has none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const noise = Array.from({ length: 10 }, (_, i) => {
          const mixed = between(1, 0).layers[0] as BilinearLayer;
          const other = randomBilinear({ dIn: 4, dHidden: 3, dOut: 3, seed: seed + i });
          const { left } = other.layers[0] as BilinearLayer;
          const moved = mixed.left.data.map((entry, at) => entry + 0.01 * left.data[at]!);
          return [i, fileOf({ layers: [{ ...mixed, left: matrix(3, 4, moved) }] })] as const;
        });
        const findings = await found(run(Object.fromEntries(noise)));
        // A single step of noise may be short by chance; none looks like a jump.
        expect(findings.filter(({ message }) => message.endsWith("another run"))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test("are not looked for when not asked for", async () => {
    expect(await found(run({ 5: fileOf(between(7, 0.2)) }), { breaks: false })).toEqual([]);
  });
});
