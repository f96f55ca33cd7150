import { expect, test } from "vitest";
import { CopiedStore, DirectStore } from "../../../src/engine/wasm/store.ts";

const most = 65535 * 65536;

test("what does not fit the address space is a RangeError that names bytes", () => {
  const store = new DirectStore(new WebAssembly.Memory({ initial: 1, maximum: 65535 }));
  const at = store.take(1000, "a chain");
  expect(() => store.take(5e9, "a chain")).toThrow(
    new RangeError(
      `Cannot hold a chain of 5000000000 bytes in engine "wasm": expected at most ${most} bytes in all, found 1024 in use`,
    ),
  );
  store.give(at);
  expect(() => new CopiedStore(() => {}).take(5e9, "intermediate results")).toThrow(
    `Cannot hold intermediate results of 5000000000 bytes in engine "wasm": expected at most ${most} bytes in all, found 0 in use`,
  );
});

test("a memory that cannot grow is a RangeError and keeps what it held", () => {
  const store = new DirectStore(new WebAssembly.Memory({ initial: 1, maximum: 2 }));
  const at = store.take(4096, "a chain");
  store.fill(at, 4096, (buffer, offset) => new Uint8Array(buffer, offset, 4096).fill(7));
  expect(() => store.take(200_000, "a chain")).toThrow(/found 4096 in use and no more to be had$/);
  store.take(65536, "a chain");
  expect(new Uint8Array(store.memory.buffer, at, 4096).every((byte) => byte === 7)).toBe(true);
  expect(store.memory.buffer.byteLength).toBe(2 * 65536);
});

test("a copied store sends what is filled, and keeps it until it is given back", () => {
  const sent: number[] = [];
  const store = new CopiedStore(({ at, bytes }) => sent.push(at, bytes.byteLength));
  const at = store.take(3, "a chain");
  store.fill(at, 3, (buffer) => new Uint8Array(buffer).set([1, 2, 3]));
  expect(sent).toEqual([at, 3]);
  expect(store.extent).toBe(at + 3);
  expect(store.writes).toEqual([{ kind: "write", at, bytes: Uint8Array.of(1, 2, 3).buffer }]);
  store.give(at);
  expect(store.writes).toEqual([]);
});
