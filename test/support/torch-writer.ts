import { opcode } from "../../src/checkpoint/pickle/opcode.ts";
import {
  call,
  dict,
  global,
  int,
  join,
  no,
  op,
  type Piece,
  pickle,
  text,
  tuple,
} from "./pickle-writer.ts";
import { type ZipFile, type ZipOptions, zipOf } from "./zip-writer.ts";

/** A storage as `torch.save` refers to it. */
export const storage = (key: string, count: number, kind = "FloatStorage", device = "cpu"): Piece =>
  join(
    tuple(
      text("storage"),
      kind.includes(".")
        ? global(kind.slice(0, kind.lastIndexOf(".")), kind.slice(kind.lastIndexOf(".") + 1))
        : global("torch", kind),
      text(key),
      text(device),
      int(count),
    ),
    op(opcode.BINPERSID),
  );

const hooks: Piece = call(global("collections", "OrderedDict"));

export interface View {
  readonly offset?: number;
  readonly shape: readonly number[];
  /** Default row-major. */
  readonly strides?: readonly number[];
}

export const ints = (values: readonly number[]): Piece => tuple(...values.map(int));

/** A tensor as `torch.save` writes it: a view of a storage. */
export function tensor(of: Piece, { offset = 0, shape, strides }: View): Piece {
  const rowMajor = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((step, size) => step * size, 1),
  );
  return call(
    global("torch._utils", "_rebuild_tensor_v2"),
    of,
    int(offset),
    ints(shape),
    ints(strides ?? rowMajor),
    no,
    hooks,
  );
}

/** An archive as `torch.save` writes it, around a pickle and storages by their keys. */
export function torchZip(
  data: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>>,
  options: ZipOptions & { readonly byteorder?: string; readonly more?: readonly ZipFile[] } = {},
): Uint8Array {
  const { byteorder = "little", more = [], ...zip } = options;
  const encoder = new TextEncoder();
  return zipOf(
    [
      { name: "run/data.pkl", bytes: data, padding: 5 },
      { name: "run/byteorder", bytes: encoder.encode(byteorder) },
      ...Object.entries(storages).map(([key, bytes]) => ({
        name: `run/data/${key}`,
        bytes,
        padding: 9,
      })),
      { name: "run/version", bytes: encoder.encode("3\n") },
      ...more,
    ],
    { wide: true, ...zip },
  );
}

/** Bytes of float32 numbers. */
export const floats = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

/** A checkpoint of row-major float32 tensors, each with its own storage. */
export function torchFile(
  tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >,
): Uint8Array {
  const entries = Object.entries(tensors);
  const pieces = entries.map(([name, { shape, values }], i) => [
    name,
    tensor(storage(String(i), values.length), { shape }),
  ]);
  return torchZip(
    pickle(dict(Object.fromEntries(pieces) as Record<string, Piece>)),
    Object.fromEntries(entries.map(([, { values }], i) => [String(i), floats(...values)])),
  );
}
