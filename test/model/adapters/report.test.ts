import { describe, expect, test } from "vitest";
import {
  AdapterError,
  adapters,
  chosenFit,
  describeFit,
  fitReport,
  fitTable,
  networkFrom,
  obstacleOf,
  userAdapter,
} from "../../../src/model/index.ts";
import { numbered, type Shapes } from "../../support/weights.ts";

const bilinear: Shapes = { left: [2, 2], right: [2, 2], down: [2, 2] };
const like = (name: string, layer: object) =>
  userAdapter({
    name,
    layers: [{ kind: "bilinear", left: "left", right: "right", down: "down", ...layer }],
  });

describe("fitReport(weights)", () => {
  test("has the adapters that fit, and every adapter, the nearest first", () => {
    const report = fitReport(numbered(bilinear));
    expect(report).toMatchObject({ source: "step_7.pt", tensors: 3 });
    expect(report.fits.map(({ adapter }) => adapter.name)).toEqual(["simile"]);
    expect(report.tried).toHaveLength(adapters.length);
    expect(report.nearest).toBe(report.tried[0]);
    expect(report.nearest?.adapter.name).toBe("simile");
    expect(obstacleOf(report)).toBe(undefined);
  });

  test("tells what the others miss and do not use", () => {
    const packed = fitReport(numbered(bilinear)).tried.find(
      ({ adapter }) => adapter.name === "packed",
    )!;
    expect(describeFit(packed)).toBe(
      "missing bi_linear.weight, projection.weight; not used left, right, down",
    );
    expect(describeFit(fitReport(numbered(bilinear)).nearest!)).toBe("fits");
  });

  test("is plain data", () => {
    const report = fitReport(numbered(bilinear));
    expect(structuredClone(report)).toEqual(report);
  });

  test("of no adapter at all", () => {
    const report = fitReport(numbered(bilinear), { adapter: [] });
    expect(report.nearest).toBe(undefined);
    expect(obstacleOf(report)).toBe(
      "Cannot make a network of step_7.pt: expected an adapter, found none to try",
    );
  });
});

test("the table has a line for each adapter", () => {
  const quadratic: Shapes = {
    embed: [5, 4],
    ...Object.fromEntries(["q", "k", "v", "o"].map((name) => [`layers.0.${name}`, [4, 4]])),
    head: [5, 4],
  };
  const chosen = ["simile", "quadratic-transformer"].map(
    (name) => adapters.find((adapter) => adapter.name === name)!,
  );
  expect(fitTable(fitReport(numbered(quadratic), { adapter: chosen }))).toBe(
    [
      "  adapter                fits  used  missing  not used  wrong shape  settings to give",
      "  quadratic-transformer  no    6     0        0         0            heads, nContext, mask, rotaryBase, residual, gain",
      "  simile                 no    2     3        4         0",
    ].join("\n"),
  );
});

describe("several adapters that fit", () => {
  const [plain, halved] = [like("plain", {}), like("halved", { gain: 0.5 })];
  test("and read different networks leave no choice: the error names them, with the table", () => {
    const choose = (): unknown => chosenFit(numbered(bilinear), [plain, halved]);
    expect(choose).toThrow(AdapterError);
    expect(choose).toThrow(
      'Cannot make a network of step_7.pt: "plain" and "halved" fit, and read different networks; choose one of them as the adapter\n  adapter  fits',
    );
    expect(fitReport(numbered(bilinear), { adapter: [plain, halved] }).fits).toHaveLength(2);
  });

  test("and read the same are as good as one", () => {
    const same = like("same", { residual: 0 });
    expect(networkFrom(numbered(bilinear), [plain, same]).layers).toHaveLength(1);
    expect(chosenFit(numbered(bilinear), [plain, same]).adapter).toBe(plain);
  });
});

test("names are read without what wrappers put before them, unless the adapter has it too", () => {
  const wrapped = (start: string): Shapes =>
    Object.fromEntries(Object.entries(bilinear).map(([name, shape]) => [start + name, shape]));
  for (const start of ["model.", "net.", "module.model._orig_mod.", "transformer."]) {
    expect(chosenFit(numbered(wrapped(start))).used).toEqual(Object.keys(wrapped(start)));
  }
  const own = userAdapter({
    name: "own",
    layers: [{ kind: "bilinear", left: "module.left", right: "module.right", down: "module.down" }],
  });
  expect(chosenFit(numbered(wrapped("module.")), own).fits).toBe(true);
  expect(chosenFit(numbered(wrapped("model.module.")), own).fits).toBe(true);
  const compiled = userAdapter({ name: "c", prefix: "a._orig_mod.", layers: own.layers });
  expect(chosenFit(numbered(wrapped("a._orig_mod.module.")), compiled).fits).toBe(true);
});

test("two names never become one", () => {
  const both: Shapes = { ...bilinear, "model.left": [2, 2] };
  expect(() => networkFrom(numbered(both))).toThrow('nearest is "simile": not used model.left');
});

test("a missing tensor is named as its neighbours are", () => {
  const shapes: Shapes = { "module.left": [2, 2], "module.right": [2, 2] };
  expect(() => networkFrom(numbered(shapes))).toThrow("missing module.down");
});
