import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CheckpointError,
  indexCheckpoint,
  readCheckpoint,
  tensorOf,
} from "../../../src/checkpoint/index.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import {
  call,
  dict,
  float,
  global,
  int,
  join,
  list,
  no,
  none,
  op,
  type Piece,
  pickle,
  text,
  tuple,
  yes,
} from "../../support/pickle-writer.ts";
import { floats, ints, storage, tensor, torchFile, torchZip } from "../../support/torch-writer.ts";
import { zipOf } from "../../support/zip-writer.ts";

/** Storage "0" of six float32 numbers 0 to 5. */
const six = { "0": floats(0, 1, 2, 3, 4, 5) };
const whole = tensor(storage("0", 6), { shape: [2, 3] });

async function read(root: Piece, storages: Record<string, Uint8Array> = six, protocol = 2) {
  const checkpoint = await readCheckpoint(torchZip(pickle(root, protocol), storages), "run.pt");
  const tensors = [...checkpoint.tensors].map(([name, stored]) => {
    const { shape, data } = tensorOf(stored, name);
    return [name, { shape, values: [...data] }];
  });
  return { ...checkpoint, tensors: Object.fromEntries(tensors) as unknown };
}

test("a state dict is its tensors", async () => {
  const bytes = torchFile({
    "embed.weight": { shape: [2, 2], values: [1, 2, 3, -4] },
    "embed.bias": { shape: [1], values: [0.5] },
  });
  const index = await indexCheckpoint(bytes, "step_5.pt");
  expect(index).toMatchObject({
    format: "torch",
    source: "step_5.pt",
    step: 5,
    metadata: {},
    ignored: [],
  });
  expect([...index.tensors]).toEqual([
    ["embed.weight", { type: "F32", shape: [2, 2] }],
    ["embed.bias", { type: "F32", shape: [1] }],
  ]);
  expect([...tensorOf(await index.read("embed.weight")).data]).toEqual([1, 2, 3, -4]);
});

test("its attributes, as of a module's state dict, are no tensors", async () => {
  const root = join(
    dict({ w: whole }),
    dict({ _metadata: dict({ "": dict({ version: int(1) }) }) }),
    op(opcode.BUILD),
  );
  expect((await read(root)).tensors).toEqual({ w: { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] } });
});

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

describe("the model is found", () => {
  const model = dict({ "a.weight": whole });
  const found = { "a.weight": { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] } };
  const moments = dict({
    state: dict({ "0": dict({ exp_avg: whole }) }),
    param_groups: list(dict({ lr: float(0.1) })),
  });

  test.for(["model_state_dict", "state_dict", "model", "net", "params"])(
    "under %s; what stands beside it is told",
    async (key) => {
      const { tensors, metadata, step } = await read(
        dict({
          global_step: int(120),
          [key]: model,
          optimizer_state_dict: moments,
          loss: float(0.25),
          args: dict({ lr: float(0.001), name: text("run"), nesterov: no }),
          best: none,
          history: list(float(1)),
          config: call(global("argparse", "Namespace")),
          rng: tensor(storage("0", 6), { shape: [6] }),
          accuracy: call(
            global("numpy.core.multiarray", "scalar"),
            join(
              call(global("numpy", "dtype"), text("f8"), no, yes),
              tuple(int(3), text("<")),
              op(opcode.BUILD),
            ),
            call(global("_codecs", "encode"), text("x"), text("latin1")),
          ),
        }),
      );
      expect(tensors).toEqual(found);
      expect(step).toBe(120);
      expect(metadata).toEqual({
        global_step: "120",
        loss: "0.25",
        "args.lr": "0.001",
        "args.name": "run",
        "args.nesterov": "false",
      });
    },
  );

  test("and other parts that hold tensors are named", async () => {
    const index = await indexCheckpoint(
      torchZip(pickle(dict({ model, optimizer: moments, ema: model })), six),
    );
    expect(index.ignored).toEqual(["optimizer", "ema"]);
    const loose = await indexCheckpoint(
      torchZip(pickle(dict({ w: whole, optimizer: moments })), six),
    );
    expect([...loose.tensors.keys()]).toEqual(["w"]);
    expect(loose.ignored).toEqual(["optimizer"]);
  });

  test("below keys of any name, while there is one part", async () => {
    expect(
      (
        await read(
          dict({ run: dict({ agent: dict({ step: int(3), state_dict: model }) }), optim: moments }),
        )
      ).tensors,
    ).toEqual(found);
  });

  test("in parts, their names joined", async () => {
    const { tensors } = await read(
      dict({
        encoder: dict({ w: whole }),
        decoder: dict({ layers: list(whole, dict({ w: whole })) }),
      }),
    );
    expect(Object.keys(tensors as object)).toEqual([
      "encoder.w",
      "decoder.layers.0",
      "decoder.layers.1.w",
    ]);
  });

  test("as one tensor, or a list of them", async () => {
    expect(Object.keys((await read(whole)).tensors as object)).toEqual(["tensor"]);
    expect(Object.keys((await read(list(whole, whole))).tensors as object)).toEqual(["0", "1"]);
  });

  test("before a step in the metadata, the step in the name counts", async () => {
    const bytes = torchZip(pickle(dict({ step: int(3), model })), six);
    expect((await readCheckpoint(bytes, "step_7.pt")).step).toBe(7);
    expect((await readCheckpoint(bytes, "final.pt")).step).toBe(3);
  });
});

describe("a file that lies, or does more than hold tensors, is refused:", () => {
  const rebuild = (...args: Piece[]) => call(global("torch._utils", "_rebuild_tensor_v2"), ...args);
  const of = storage("0", 6);
  const ends = "which ends at";
  test.for<[string, Piece, string]>([
    [
      "a program",
      call(global("os", "system"), text("touch x")),
      'Cannot read x: pickle opcode GLOBAL at byte 2: expected a name that torch.save writes for tensors, found "os.system". Nothing of the file was run; what can be read is torch.save(model.state_dict(), file)',
    ],
    [
      "a program in a state dict",
      dict({ w: whole, v: call(global("builtins", "exec"), text("1")) }),
      '"builtins.exec"',
    ],
    [
      "a program as a storage kind",
      dict({ w: tensor(storage("0", 6, "os.system"), { shape: [6] }) }),
      '"os.system"',
    ],
    [
      "a whole module",
      call(global("torch.nn.modules.linear", "Linear")),
      '"torch.nn.modules.linear.Linear"',
    ],
    [
      "complex numbers",
      dict({ w: tensor(storage("0", 3, "ComplexFloatStorage"), { shape: [3] }) }),
      '"torch.ComplexFloatStorage"',
    ],
    [
      "no tensors",
      dict({ step: int(3) }),
      "Cannot read x: expected a state dict, or a dictionary that holds one, found no tensors",
    ],
    [
      "a storage that is not there",
      dict({ w: tensor(storage("1", 6), { shape: [6] }) }),
      'Cannot read tensor "w" of x: expected zip entry "run/data/1", found none',
    ],
    [
      "a storage of another size",
      dict({ w: tensor(storage("0", 7), { shape: [6] }) }),
      'Cannot read tensor "w" of x: expected 28 bytes of 7 elements in zip entry "run/data/0", found 24',
    ],
    [
      "a storage out of the data folder",
      dict({ w: tensor(storage("../version", 6), { shape: [6] }) }),
      'expected zip entry "run/data/../version", found none',
    ],
    [
      "a view past its storage",
      dict({ w: tensor(of, { offset: 1, shape: [6] }) }),
      `expected a view of storage 0 of 6 elements, found [6] with strides [1] from 1, ${ends} 6`,
    ],
    [
      "strides past its storage",
      dict({ w: tensor(of, { shape: [2, 2], strides: [5, 1] }) }),
      `${ends} 6`,
    ],
    [
      "a view larger than 2^53",
      dict({ w: tensor(of, { shape: [2 ** 30, 2 ** 30], strides: [0, 0] }) }),
      "expected a shape below 2^53, found [1073741824, 1073741824]",
    ],
    [
      "a bomb by repetition",
      dict({ w: tensor(of, { shape: [2 ** 30], strides: [0] }) }),
      "expected a view of at most 6 elements of storage 0, found [1073741824]",
    ],
    [
      "a bomb by sharing",
      dict(
        Object.fromEntries(
          Array.from({ length: 4000 }, (_, i) => [
            `w${i}`,
            tensor(of, { shape: [60_000], strides: [0] }),
          ]),
        ),
      ),
      "expected tensors of at most 64 times the file, found 960000000 bytes",
    ],
    [
      "a name as long as the file",
      dict({ ["n".repeat(1001)]: whole }),
      "expected names of at most 1000 characters, found one of 1001",
    ],
    [
      "a long name of a part besides",
      dict({ w: whole, [`optimizer${"n".repeat(1000)}`]: dict({ w: whole }) }),
      "expected names of at most 1000 characters, found one of 1009",
    ],
    [
      "one long name over many tensors",
      dict({ ["n".repeat(990)]: list(...Array.from({ length: 5000 }, () => whole)), b: whole }),
      "expected names of at most 4194304 characters together, found more",
    ],
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
    [
      "a persistent id that is none",
      dict({ w: join(int(3), op(opcode.BINPERSID)) }),
      "pickle opcode BINPERSID at byte 15: expected a storage of 5 parts, found 3",
    ],
    [
      "a storage of no kind",
      dict({
        w: join(tuple(text("storage"), none, text("0"), text("cpu"), int(1)), op(opcode.BINPERSID)),
      }),
      "expected a kind of storage, found None",
    ],
    [
      "a storage of no key",
      dict({
        w: join(
          tuple(text("storage"), global("torch", "FloatStorage"), int(0), text("cpu"), int(1)),
          op(opcode.BINPERSID),
        ),
      }),
      "expected a key, found 0",
    ],
    [
      "a storage of no length",
      dict({
        w: join(
          tuple(text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), int(-1)),
          op(opcode.BINPERSID),
        ),
      }),
      "expected a number of elements, found -1",
    ],
    [
      "pairs that are none",
      call(global("collections", "OrderedDict"), list(int(1))),
      "collections.OrderedDict: expected pairs, found 1",
    ],
    [
      "a dictionary of a number",
      call(global("collections", "OrderedDict"), int(1)),
      "collections.OrderedDict: expected pairs, found 1",
    ],
    [
      "a set of a number",
      call(global("builtins", "set"), int(1)),
      "builtins.set: expected a list, found 1",
    ],
    [
      "a dictionary that holds itself",
      join(
        op(opcode.EMPTY_DICT, opcode.BINPUT, 0),
        text("a"),
        op(opcode.BINGET, 0, opcode.SETITEM),
        text("w"),
        whole,
        op(opcode.SETITEM),
      ),
      "expected nesting of at most 100, found deeper",
    ],
    [
      "one name twice",
      dict({ "a.b": whole, a: dict({ b: whole }) }),
      'expected one tensor called "a.b", found two',
    ],
    [
      "a part referred to without end",
      (() => {
        const doubled = Array.from({ length: 30 }, (_, i) =>
          join(
            op(opcode.BINPUT, i, opcode.POP, opcode.EMPTY_DICT),
            text("a"),
            op(opcode.BINGET, i, opcode.SETITEM),
            text("b"),
            op(opcode.BINGET, i, opcode.SETITEM),
          ),
        );
        return join(whole, ...doubled);
      })(),
      "expected at most 200000 parts, found more",
    ],
  ])("%s", async ([, root, message]) => {
    const reading = readCheckpoint(torchZip(pickle(root), six), "x");
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(message);
  });

  test("a TorchScript program", async () => {
    const bytes = torchZip(
      pickle(dict({})),
      {},
      { more: [{ name: "run/constants.pkl", bytes: new Uint8Array(0) }] },
    );
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected a state dict, found a TorchScript program; save model.state_dict()",
    );
  });

  test("a zip of other things", async () => {
    const bytes = torchZip(pickle(none), {}, { byteorder: "" });
    const text = Buffer.from(bytes).toString("latin1").replaceAll("data.pkl", "data.xyz");
    await expect(readCheckpoint(Buffer.from(text, "latin1"), "x")).rejects.toThrow(
      "Cannot read x: expected a zip with data.pkl (PyTorch) or .npy files (NumPy), found run/data.xyz, run/byteorder, run/version",
    );
  });

  const views = (view: { shape: number[]; strides?: number[] }) =>
    Array.from({ length: 2000 }, (_, i) => [`w${i}`, tensor(storage("0", 100_000), view)]);

  test("many views that each reach over all of a storage", async () => {
    const root = dict(Object.fromEntries(views({ shape: [2], strides: [99_999] })));
    const bytes = torchZip(pickle(root), { "0": new Uint8Array(400_000) });
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected tensors of at most 64 times the file, found 800000000 bytes",
    );
  });

  test("many numbers of a packed storage, which is unpacked for each", async () => {
    const root = dict(Object.fromEntries(views({ shape: [1] })));
    const zeros = new Uint8Array(400_000);
    const bytes = zipOf([
      { name: "run/data.pkl", bytes: pickle(root) },
      { name: "run/data/0", bytes: zeros, deflated: deflateRawSync(zeros) },
    ]);
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected tensors of at most 64 times the file, found 800000000 bytes",
    );
  });

  test("a description larger than any model's", async () => {
    const root = join(
      dict({ w: whole }),
      op(opcode.BINBYTES),
      Buffer.from([0, 0, 0, 5]),
      Buffer.alloc(5 << 24),
      op(opcode.POP),
    );
    await expect(readCheckpoint(torchZip(pickle(root), six), "x")).rejects.toThrow(
      "Cannot read x: expected data.pkl of at most 67108864 bytes, found 83886",
    );
  });
});

describe("what is not a checkpoint is called what it is:", () => {
  test.for<[string, Uint8Array, string]>([
    [
      "torch before 1.6",
      Buffer.from("80028a0a6cfc9c46f9206aa850192e8002", "hex"),
      "a PyTorch file of the format before 1.6; save it again with torch.save(torch.load(file), file)",
    ],
    [
      "a pickle",
      Buffer.from(pickle(none)),
      "a Python pickle, which is a program; save the state dict with torch.save or safetensors",
    ],
    ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), "an HDF5 file"],
    ["GGUF", Buffer.from("GGUF\x03\0\0\0"), "a GGUF file"],
    ["gzip", Buffer.from([0x1f, 0x8b, 8]), "a gzip file; unpack it first"],
    [
      "a Git LFS pointer",
      Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
      "a Git LFS pointer; fetch the file itself with git lfs pull",
    ],
    ["an empty zip", Buffer.from("PK\x05\x06".padEnd(22, "\0")), "an empty zip file"],
    ["text", Buffer.from("hello"), "bytes that begin 68 65 6c 6c 6f"],
    ["nothing", new Uint8Array(0), "an empty file"],
  ])("%s", async ([, bytes, what]) => {
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      `Cannot read x: expected a safetensors, PyTorch, .npy or .npz file, found ${what}`,
    );
  });
});

test("cut off anywhere, a file gives an error", async () => {
  const bytes = torchFile({ a: { shape: [2], values: [1, 2] }, b: { shape: [1, 1], values: [3] } });
  for (let length = 0; length < bytes.length; length++) {
    await expect(readCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
  }
});

test("with a byte changed, a file gives an error or the same numbers", async () => {
  const bytes = torchFile({ a: { shape: [2], values: [1, 2] }, b: { shape: [1, 1], values: [3] } });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const changed = bytes.slice();
        changed[at]! ^= by;
        const found = await readCheckpoint(changed).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CheckpointError);
        });
        const values = [...(found?.tensors.values() ?? [])].map((stored) => [
          ...tensorOf(stored).data,
        ]);
        if (found !== undefined) expect(values).toEqual([[1, 2], [3]]);
      },
    ),
    { numRuns: 500 },
  );
});
