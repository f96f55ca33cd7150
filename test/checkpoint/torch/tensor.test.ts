import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCheckpoint, tensorOf } from "../../../src/checkpoint/index.ts";
import {
  call,
  dict,
  global,
  int,
  no,
  none,
  type Piece,
  pickle,
  tuple,
  yes,
} from "../../support/pickle-writer.ts";
import { expectRefused, read, six, whole } from "../../support/torch-state.ts";
import { floats, ints, storage, tensor, torchZip } from "../../support/torch-writer.ts";

describe("a view of a storage becomes row-major:", () => {
  test.for<[string, Parameters<typeof tensor>[1], number[]]>([
    ["transposed", { shape: [3, 2], strides: [1, 3] }, [0, 3, 1, 4, 2, 5]],
    ["a part from an offset", { offset: 2, shape: [2, 2], strides: [2, 1] }, [2, 3, 4, 5]],
    ["a column", { offset: 1, shape: [2], strides: [3] }, [1, 4]],
    ["every second, both ways", { offset: 1, shape: [2, 2], strides: [1, 3] }, [1, 4, 2, 5]],
    ["one number", { offset: 5, shape: [] }, [5]],
    ["one number by any strides", { offset: 3, shape: [1, 1], strides: [99, 99] }, [3]],
    ["nothing", { offset: 6, shape: [0, 3] }, []],
    ["one number repeated", { offset: 4, shape: [2, 2], strides: [0, 0] }, [4, 4, 4, 4]],
    ["overlapping windows", { shape: [3, 2], strides: [1, 1] }, [0, 1, 1, 2, 2, 3]],
    ["three axes permuted", { shape: [3, 1, 2], strides: [1, 6, 3] }, [0, 3, 1, 4, 2, 5]],
  ])("%s", async ([, view, values]) => {
    const { tensors } = await read(dict({ w: tensor(storage("0", 6), view) }));
    expect(tensors).toEqual({ w: { shape: view.shape, values } });
  });

  test("as an independent computation has it", async () => {
    const axis = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 4 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(axis, { maxLength: 3 }),
        fc.nat({ max: 3 }),
        async (axes, offset) => {
          const [shape, strides] = [axes.map(([size]) => size), axes.map(([, stride]) => stride)];
          const values = shape
            .reduce<number[][]>(
              (all, size) =>
                all.flatMap((one) => Array.from({ length: size }, (_, i) => [...one, i])),
              [[]],
            )
            .map((index) => index.reduce((sum, i, k) => sum + i * strides[k]!, offset));
          const numbers = { "0": floats(...Array.from({ length: 28 }, (_, i) => i)) };
          const view = tensor(storage("0", 28), { offset, shape, strides });
          expect((await read(dict({ w: view }), numbers)).tensors).toEqual({
            w: { shape, values },
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("two tensors may share a storage", async () => {
    const of = storage("0", 6);
    const { tensors } = await read(
      dict({
        a: tensor(of, { shape: [6] }),
        b: tensor(of, { shape: [6] }),
        c: tensor(of, { offset: 3, shape: [3] }),
      }),
    );
    expect(tensors).toEqual({
      a: { shape: [6], values: [0, 1, 2, 3, 4, 5] },
      b: { shape: [6], values: [0, 1, 2, 3, 4, 5] },
      c: { shape: [3], values: [3, 4, 5] },
    });
  });
});

describe("element types:", () => {
  test.for<[string, Uint8Array, number]>([
    ["DoubleStorage", new Uint8Array(Float64Array.of(-1.5).buffer), -1.5],
    ["HalfStorage", Uint8Array.of(0x00, 0xbe), -1.5],
    ["BFloat16Storage", Uint8Array.of(0xc0, 0xbf), -1.5],
    ["LongStorage", new Uint8Array(BigInt64Array.of(-2n).buffer), -2],
    ["IntStorage", new Uint8Array(Int32Array.of(-2).buffer), -2],
    ["ShortStorage", new Uint8Array(Int16Array.of(-2).buffer), -2],
    ["CharStorage", Uint8Array.of(0xfe), -2],
    ["ByteStorage", Uint8Array.of(0xfe), 254],
    ["BoolStorage", Uint8Array.of(1), 1],
    ["torch.cuda.FloatStorage", floats(-1.5), -1.5],
  ])("%s", async ([kind, bytes, value]) => {
    const { tensors } = await read(
      dict({ w: tensor(storage("0", 1, kind, "cuda:0"), { shape: [1] }) }),
      { "0": bytes },
    );
    expect(tensors).toEqual({ w: { shape: [1], values: [value] } });
  });

  test("beside an untyped storage, as for types torch has no storage of", async () => {
    const rebuilt = call(
      global("torch._utils", "_rebuild_tensor_v3"),
      storage("0", 8, "torch.storage.UntypedStorage"),
      int(1),
      ints([2]),
      ints([1]),
      no,
      none,
      global("torch", "uint16"),
    );
    const { tensors } = await read(dict({ w: rebuilt }), {
      "0": new Uint8Array(Uint16Array.of(1, 65535, 3, 4).buffer),
    });
    expect(tensors).toEqual({ w: { shape: [2], values: [65535, 3] } });
  });

  test("stored by a big-endian machine", async () => {
    const swapped = new Uint8Array(floats(0, 1, 2, 3, 4, 5).toReversed());
    const bytes = torchZip(
      pickle(dict({ w: tensor(storage("0", 6), { shape: [3, 2], strides: [1, 3] }) })),
      { "0": swapped },
      { byteorder: "big" },
    );
    const { tensors } = await readCheckpoint(bytes);
    expect([...tensorOf(tensors.get("w")!).data]).toEqual([5, 2, 4, 1, 3, 0]);
    const odd = torchZip(pickle(dict({ w: whole })), six, { byteorder: "middle" });
    await expect(readCheckpoint(odd, "x")).rejects.toThrow(
      'Cannot read x: expected byteorder little or big, found "middle"',
    );
  });
});

describe("other ways to write a tensor:", () => {
  const plain = { w: { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] } };
  const parameter = (...more: Piece[]) =>
    call(global("torch._utils", "_rebuild_parameter"), whole, yes, ...more);
  test.for<[string, Piece]>([
    ["a parameter", parameter(call(global("collections", "OrderedDict")))],
    [
      "a parameter with attributes",
      call(
        global("torch._utils", "_rebuild_parameter_with_state"),
        whole,
        yes,
        none,
        dict({ a: int(1) }),
      ),
    ],
    [
      "a tensor with attributes",
      call(
        global("torch._tensor", "_rebuild_from_type_v2"),
        global("torch._utils", "_rebuild_tensor_v2"),
        global("torch", "Tensor"),
        tuple(storage("0", 6), int(0), ints([2, 3]), ints([3, 1]), no, none),
        dict({ a: int(1) }),
      ),
    ],
    [
      "an old tensor",
      call(
        global("torch._utils", "_rebuild_tensor"),
        storage("0", 6),
        int(0),
        call(global("torch", "Size"), ints([2, 3])),
        ints([3, 1]),
      ),
    ],
  ])("%s", async ([, piece]) => {
    for (const protocol of [2, 3, 4, 5]) {
      expect((await read(dict({ w: piece }), six, protocol)).tensors).toEqual(plain);
    }
  });
});

describe("a tensor that cannot be rebuilt is refused:", () => {
  const rebuild = (...args: Piece[]) => call(global("torch._utils", "_rebuild_tensor_v2"), ...args);
  const of = storage("0", 6);

  test.for<[string, Piece, string]>([
    [
      "a negative size",
      dict({ w: tensor(of, { shape: [-1] }) }),
      "torch._utils._rebuild_tensor_v2: expected a shape of whole numbers, found -1",
    ],
    [
      "a negative stride",
      dict({ w: tensor(of, { shape: [2], strides: [-1] }) }),
      "expected strides of whole numbers, found -1",
    ],
    [
      "too few strides",
      dict({ w: tensor(of, { shape: [2, 3], strides: [1] }) }),
      "expected 2 strides, found 1",
    ],
    [
      "a hundred axes",
      dict({ w: tensor(of, { shape: Array(100).fill(1) }) }),
      "expected a shape of at most 64 axes, found 100",
    ],
    [
      "no shape",
      dict({ w: rebuild(of, int(0), none, none) }),
      "expected a shape of whole numbers, found None",
    ],
    [
      "no storage",
      dict({ w: rebuild(none, int(0), ints([1]), ints([1])) }),
      "expected a storage with a type, found None",
    ],
    [
      "a storage without a type",
      dict({ w: tensor(storage("0", 24, "torch.storage.UntypedStorage"), { shape: [6] }) }),
      "expected a storage with a type, found storage 0",
    ],
    [
      "a type that is none",
      dict({
        w: call(
          global("torch._utils", "_rebuild_tensor_v3"),
          of,
          int(0),
          ints([1]),
          ints([1]),
          no,
          none,
          int(3),
        ),
      }),
      "expected an element type, found 3",
    ],
    [
      "an untyped view of no storage",
      dict({
        w: call(
          global("torch._utils", "_rebuild_tensor_v3"),
          int(0),
          int(0),
          ints([1]),
          ints([1]),
          no,
          none,
          int(3),
        ),
      }),
      "expected a storage, found 0",
    ],
    [
      "numbers to be negated",
      dict({ w: rebuild(of, int(0), ints([6]), ints([1]), no, none, dict({ neg: yes })) }),
      "expected plain numbers, found a view to be negated or conjugated",
    ],
    [
      "a parameter of no tensor",
      dict({ w: call(global("torch._utils", "_rebuild_parameter"), int(1), no, none) }),
      "expected a tensor, found 1",
    ],
    [
      "a tensor of another class",
      dict({
        w: call(
          global("torch._tensor", "_rebuild_from_type_v2"),
          global("torch._utils", "_rebuild_tensor_v2"),
          global("torch", "float32"),
          tuple(),
          none,
        ),
      }),
      "expected a plain tensor, found torch.float32",
    ],
    [
      "a tensor rebuilt by itself",
      dict({
        w: call(
          global("torch._tensor", "_rebuild_from_type_v2"),
          global("torch._tensor", "_rebuild_from_type_v2"),
          global("torch", "Tensor"),
          tuple(),
          none,
        ),
      }),
      "expected a way to rebuild a tensor, found torch._tensor._rebuild_from_type_v2",
    ],
  ])("%s", ([, root, message]) => expectRefused(root, message));
});
