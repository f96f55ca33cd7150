import { describe, expect, test } from "vitest";
import {
  type Adapter,
  AdapterError,
  adapterNamed,
  adapters,
  networkFrom,
  userAdapter,
} from "../../../src/model/index.ts";
import { numbered as weights } from "../../support/weights.ts";

describe("when none fits, the error is about the nearest adapter:", () => {
  const refuse = (
    shapes: Readonly<Record<string, readonly number[]>>,
    adapter?: Adapter,
  ): string => {
    try {
      networkFrom(weights(shapes), adapter);
    } catch (error) {
      expect(error).toBeInstanceOf(AdapterError);
      // What follows is the table of all adapters.
      return (error as Error).message.split("\n")[0]!;
    }
    throw new Error("no error");
  };

  test("what it misses and what it does not use", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], up: [1, 1] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": missing down; not used up',
    );
  });

  test("a bias nobody asked for is not left out silently", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], down: [1, 1], gate: [1] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": not used gate',
    );
  });

  test("wrong shapes, expected and found", () => {
    expect(
      refuse({
        embed: [4, 3],
        left: [2, 5],
        right: [2, 4],
        down: [3, 2],
        head: [1, 9],
        left_bias: [1, 2],
      }),
    ).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": wrong shape left expected [m, 4], found [2, 5], left_bias expected [2], found [1, 2], head expected [out, 3], found [1, 9]',
    );
  });

  test("a packed tensor whose halves do not come out", () => {
    expect(refuse({ "module.bi_linear.weight": [5, 2], "module.projection.weight": [3, 4] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "packed": wrong shape module.bi_linear.weight expected [2m, in], found [5, 2]',
    );
  });

  test("of many names the first eight", () => {
    const layers = Array.from({ length: 12 }, (_, i) => [`block.${i}`, [1, 1]]);
    expect(refuse(Object.fromEntries(layers))).toContain("block.7 and 4 more");
  });

  test("nothing at all", () => {
    expect(refuse({})).toBe("Cannot make a network of step_7.pt: expected tensors, found none");
  });

  test("an adapter asked for by name is the only one tried", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], down: [1, 1] }, adapters[1])).toBe(
      'Cannot make a network of step_7.pt: adapter "packed" does not fit: missing bi_linear.weight, projection.weight; not used left, right, down',
    );
  });

  test("an adapter whose layers are all optional and absent describes nothing", () => {
    const adapter = userAdapter({
      name: "a",
      layers: [{ kind: "linear", weight: "w", optional: true }],
    });
    expect(refuse({ x: [1] }, { ...adapter, ignore: ["x"] })).toBe(
      'Cannot make a network of step_7.pt: adapter "a" does not fit: it describes no layer that is there',
    );
  });
});

test("adapterNamed lists the names there are", () => {
  const find = (): unknown => adapterNamed("transformer");
  expect(find).toThrow(
    'Cannot use adapter: expected one of "simile", "packed", "embed-body-head", "quadratic-transformer"',
  );
  expect(adapterNamed("packed")).toBe(adapters[1]);
  expect(find).toThrow(expect.objectContaining({ name: "AdapterError" }));
});
