import type { StoredType } from "../checkpoint.ts";
import {
  Dict,
  described,
  Global,
  Inert,
  List,
  type PickleValue,
  Refusal,
} from "../pickle/value.ts";
import { storageKinds } from "./storage.ts";
import { rebuiltTensor, rebuiltTypedTensor, TorchTensor, TypeName } from "./tensor.ts";

/** Element types by torch's names, for tensors that carry one. */
const typeNames: Readonly<Record<string, StoredType>> = {
  float64: "F64",
  double: "F64",
  float32: "F32",
  float: "F32",
  float16: "F16",
  half: "F16",
  bfloat16: "BF16",
  int64: "I64",
  long: "I64",
  int32: "I32",
  int: "I32",
  int16: "I16",
  short: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

const tensorTypes = ["torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter"];

/**
 * Every name a checkpoint may mention, and what it stands for here. This list is the whole of what can
 * happen when a file is read: none of these is Python's or torch's own function, each makes one of our
 * values.
 */
export const allowedGlobals: ReadonlyMap<string, Global> = new Map(
  [
    ...storageKinds.values(),
    ...Object.entries(typeNames).map(([name, type]) => new TypeName(`torch.${name}`, type)),
    ...tensorTypes.map((name) => new Global(name)),
    new Global("collections.OrderedDict", dictOf),
    new Global("collections.Counter", dictOf),
    new Global("torch._utils._rebuild_tensor", rebuiltTensor),
    new Global("torch._utils._rebuild_tensor_v2", rebuiltTensor),
    new Global("torch._utils._rebuild_tensor_v3", rebuiltTypedTensor),
    new Global("torch._utils._rebuild_parameter", parameterOf),
    new Global("torch._utils._rebuild_parameter_with_state", parameterOf),
    new Global("torch._tensor._rebuild_from_type_v2", rebuiltFromType),
    new Global("torch.Size", ([sizes = new List("tuple")]) => sizes),
    new Global("torch.device", () => new Inert("a device")),
    new Global("torch.serialization._get_layout", () => new Inert("a layout")),
    new Global("_codecs.encode", () => new Inert("bytes")),
    // What training scripts often keep beside the weights: settings, and losses as NumPy numbers.
    new Global("argparse.Namespace", () => new Inert("settings")),
    new Global("numpy.dtype", () => new Inert("a NumPy type")),
    ...["numpy.core", "numpy._core"].map(
      (module) => new Global(`${module}.multiarray.scalar`, () => new Inert("a NumPy number")),
    ),
    ...["builtins", "__builtin__"].flatMap((module) => [
      new Global(`${module}.set`, setOf),
      new Global(`${module}.frozenset`, setOf),
      new Global(`${module}.bytearray`, () => new Inert("bytes")),
      new Global(`${module}.complex`, () => new Inert("a complex number")),
    ]),
  ].map((global) => [global.what, global]),
);

function dictOf([items, ...rest]: readonly PickleValue[]): PickleValue {
  const dict = new Dict();
  if (items === undefined) return dict;
  if (rest.length === 0 && items instanceof Dict) {
    for (const [key, value] of items.entries) dict.set(key, value);
    return dict;
  }
  if (rest.length > 0 || !(items instanceof List)) {
    throw new Refusal(`expected pairs, found ${described(items)}`);
  }
  for (const pair of items.items) {
    const [key, value] = pair instanceof List ? pair.items : [];
    if (key === undefined || value === undefined) {
      throw new Refusal(`expected pairs, found ${described(pair)}`);
    }
    dict.set(key, value);
  }
  return dict;
}

function setOf([items = new List("list")]: readonly PickleValue[]): PickleValue {
  if (items instanceof List) return new List("set", items.items);
  throw new Refusal(`expected a list, found ${described(items)}`);
}

function parameterOf([data]: readonly PickleValue[]): PickleValue {
  if (data instanceof TorchTensor) return data;
  throw new Refusal(`expected a tensor, found ${described(data)}`);
}

/** A tensor with attributes: (rebuild, type, arguments, attributes). */
function rebuiltFromType([rebuild, type, args]: readonly PickleValue[]): PickleValue {
  if (!(type instanceof Global) || !tensorTypes.includes(type.what)) {
    throw new Refusal(`expected a plain tensor, found ${described(type)}`);
  }
  if (rebuild instanceof Global && rebuild.what !== "torch._tensor._rebuild_from_type_v2") {
    if (args instanceof List && args.kind === "tuple")
      return parameterOf([rebuild.call(args.items)]);
  }
  throw new Refusal(`expected a way to rebuild a tensor, found ${described(rebuild)}`);
}
