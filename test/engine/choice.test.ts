import { expect, test } from "vitest";
import { type EngineName, openEngine, sharedEngine } from "../../src/engine/index.ts";

test.for([
  ["auto", "wasm"],
  ["wasm", "wasm"],
  ["reference", "reference"],
] as const)('openEngine("%s") opens engine "%s", a new one each time', async ([name, expected]) => {
  const [one, other] = [await openEngine(name), await openEngine(name)];
  expect(one.info.name).toBe(expected);
  expect(one).not.toBe(other);
  await Promise.all([one.dispose(), other.dispose()]);
});

test('openEngine("wasm", { threads }) computes with that many', async () => {
  const engine = await openEngine("wasm", { threads: 0 });
  expect(engine.info.threads).toBe(1);
});

test("sharedEngine gives one engine to all, and another after it is disposed", async () => {
  const engine = await sharedEngine();
  expect(await sharedEngine("wasm")).toBe(engine);
  await engine.dispose();
  const next = await sharedEngine();
  expect(next).not.toBe(engine);
  // The first one's end is not the end of the second.
  await engine.dispose();
  expect(await sharedEngine()).toBe(next);
  await next.dispose();
});

test("an engine of another environment is named as such", async () => {
  const rejected = expect(openEngine("onnx")).rejects;
  await rejected.toThrow('Cannot use engine "onnx": it does not run here');
});

test("an unknown name is answered with the known ones", async () => {
  const unknown = "cuda" as EngineName;
  const message =
    'Cannot use an engine: expected one of "auto", "wasm", "onnx", "tfjs", "reference", found "cuda"';
  await expect(openEngine(unknown)).rejects.toMatchObject({ name: "RangeError", message });
  await expect(sharedEngine(unknown)).rejects.toThrow(message);
});
