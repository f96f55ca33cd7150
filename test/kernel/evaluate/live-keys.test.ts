import { expect, test } from "vitest";
import { liveKeys } from "../../../kernel/evaluate/live-keys.ts";

class Point {
  x = 1;
  get norm(): number {
    throw new Error("A getter ran");
  }
  scale(): void {}
}

const root = {
  point: new Point(),
  run: { rows: [{ step: 1, loss: 2 }] },
  map: new Map(),
  bare: Object.assign(Object.create(null), { only: 1 }),
  many: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i])),
  big: new Float64Array(4),
  word: "text",
  none: null,
  proxy: new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("A trap ran");
      },
      getOwnPropertyDescriptor: () => {
        throw new Error("A trap ran");
      },
      getPrototypeOf: () => {
        throw new Error("A trap ran");
      },
    },
  ),
  get lazy(): object {
    throw new Error("A getter ran");
  },
};
Object.assign(root, { under: Object.create(root.proxy, { own: { value: 1 } }) });

test("names of an object and of its classes are told, and no getter runs", () => {
  expect(liveKeys(root, ["point"])).toEqual(["x", "norm", "scale"]);
  expect(liveKeys(root, ["run", "rows", "0"])).toEqual(["step", "loss"]);
  expect(liveKeys(root, ["bare"])).toEqual(["only"]);
  expect(liveKeys(root, ["map"])).toContain("forEach");
  expect(liveKeys(root, ["word"])).toContain("toUpperCase");
  expect(liveKeys(root, [])).toContain("lazy");
  expect(liveKeys(root, ["lazy"])).toBeUndefined();
  expect(liveKeys(root, ["point", "norm"])).toBeUndefined();
});

test("a proxy is not looked into, nor behind", () => {
  expect(liveKeys(root, ["proxy"])).toEqual([]);
  expect(liveKeys(root, ["proxy", "a"])).toBeUndefined();
  expect(liveKeys(root, ["under"])).toEqual(["own"]);
});

test("what has nothing gives nothing; entries are not names; there are not too many", () => {
  expect(liveKeys(root, ["none"])).toBeUndefined();
  expect(liveKeys(root, ["nowhere", "at", "all"])).toBeUndefined();
  expect(liveKeys(root, ["run", "rows"])).not.toContain("0");
  expect(liveKeys(root, ["big"])).not.toContain("0");
  expect(liveKeys(root, ["many"])).toHaveLength(1_000);
});
