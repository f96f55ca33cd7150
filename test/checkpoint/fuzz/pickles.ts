import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import type { Random } from "../../../src/tensor/index.ts";
import {
  call,
  dict,
  global,
  int,
  join,
  list,
  op,
  type Piece,
  pickle,
  text,
  tuple,
  u32,
  u64,
} from "../../support/pickle-writer.ts";
import { storage, tensor } from "../../support/torch-writer.ts";
import { edges, type Mutant, pick } from "./bytes.ts";

/** What a pickle would run where it is run: each leaves `globalThis.canary` behind. */
const executing: readonly (readonly [module: string, name: string, argument: string])[] = [
  ["os", "system", "touch canary"],
  ["posix", "system", "touch canary"],
  ["builtins", "eval", "globalThis.canary = 1"],
  ["builtins", "exec", "open('canary','w')"],
  ["builtins", "__import__", "canary"],
  ["subprocess", "Popen", "touch canary"],
  ["globalThis", "eval", "globalThis.canary = 1"],
  ["globalThis", "Function", "globalThis.canary = 1"],
  ["constructor", "constructor", "globalThis.canary = 1"],
  ["__proto__", "constructor", "globalThis.canary = 1"],
  ["node:fs", "writeFileSync", "canary"],
  ["torch.storage", "_load_from_bytes", "canary"],
  ["torch", "load", "canary"],
  ["numpy.core.multiarray", "_reconstruct", "canary"],
];

const codes = Object.values(opcode);
const names = ["__proto__", "constructor", "toString", "", "w", "a.b", "\u{1f4a5}", "../w"];
const good = (): Piece => tensor(storage("0", 6), { shape: [2, 3] });
const repeated = (count: number, piece: Piece): Piece =>
  Buffer.concat(Array.from({ length: count }, () => piece));

type Recipe = (random: Random) => { readonly pickle: Uint8Array; readonly how: string };

const recipes: readonly Recipe[] = [
  (random) => {
    const [module, name, argument] = pick(random, executing);
    const piece = call(global(module, name), text(argument));
    const stacked = join(
      text(module),
      text(name),
      op(opcode.STACK_GLOBAL),
      tuple(text(argument)),
      op(pick(random, [opcode.REDUCE, opcode.NEWOBJ, opcode.BUILD])),
    );
    const chosen = pick(random, [piece, stacked]);
    return {
      pickle: pickle(dict({ w: good(), x: chosen }), 2 + random.integer(3)),
      how: `a pickle that calls ${module}.${name}`,
    };
  },
  (random) => {
    const length = 1 + random.integer(400);
    const bytes = Array.from({ length }, () =>
      random.uniform() < 0.7 ? pick(random, codes) : random.integer(256),
    );
    return { pickle: pickle(Buffer.from(bytes)), how: `a pickle of ${length} random opcodes` };
  },
  (random) => {
    const depth = pick(random, [99, 100, 101, 5000]);
    const [open, close] = pick(random, [
      [op(opcode.EMPTY_LIST), op(opcode.APPEND)],
      [op(opcode.EMPTY_TUPLE), op(opcode.TUPLE2)],
      [op(opcode.MARK), op(opcode.TUPLE)],
      [op(opcode.NONE), op(opcode.TUPLE1)],
      [join(op(opcode.EMPTY_DICT), text("a")), op(opcode.SETITEM)],
    ] as const);
    const nested = join(repeated(depth, open), good(), repeated(depth, close));
    return { pickle: pickle(dict({ w: nested })), how: `a pickle nested ${depth} deep` };
  },
  (random) => {
    // Each list holds the one before twice: 2ⁿ parts of n opcodes.
    const levels = pick(random, [6, 10, 12, 14, 80]);
    let piece = join(op(opcode.EMPTY_LIST), good(), op(opcode.APPEND, opcode.BINPUT, 0));
    for (let level = 1; level <= levels; level++) {
      piece = join(
        piece,
        op(opcode.POP, opcode.EMPTY_LIST, opcode.MARK),
        op(opcode.BINGET, level - 1, opcode.BINGET, level - 1),
        op(opcode.APPENDS, opcode.BINPUT, level),
      );
    }
    return { pickle: pickle(dict({ w: piece })), how: `a pickle that doubles ${levels} times` };
  },
  (random) => {
    const count = pick(random, [100, 100, 20_000]);
    const piece = pick(random, [
      op(opcode.EMPTY_DICT),
      op(opcode.EMPTY_LIST),
      op(opcode.MARK, opcode.TUPLE),
      op(opcode.NONE),
      op(opcode.EMPTY_SET),
      join(op(opcode.EMPTY_DICT), text("a"), op(opcode.NONE, opcode.SETITEM)),
      join(op(opcode.LONG1, 255), Buffer.alloc(255, 1)),
    ]);
    return {
      pickle: pickle(dict({ w: good(), x: list(repeated(count, piece)) })),
      how: `a pickle of ${count} pieces ${piece.subarray(0, 8).toString("hex")}`,
    };
  },
  (random) => {
    // One long name below itself, and many tensors under it.
    const length = pick(random, [2000, 100_000]);
    const depth = 1 + random.integer(60);
    const inner = join(
      op(opcode.EMPTY_LIST, opcode.MARK),
      good(),
      op(opcode.BINPUT, 9),
      repeated(pick(random, [3, 2000]), op(opcode.BINGET, 9)),
      op(opcode.APPENDS),
    );
    let piece = join(text("n".repeat(length)), op(opcode.BINPUT, 7, opcode.POP), inner);
    for (let level = 0; level < depth; level++) {
      piece = join(piece, op(opcode.BINPUT, 8, opcode.POP, opcode.EMPTY_DICT));
      piece = join(piece, op(opcode.BINGET, 7, opcode.BINGET, 8, opcode.SETITEM));
    }
    return { pickle: pickle(dict({ w: piece })), how: `names of ${length}, ${depth} deep` };
  },
  (random) => {
    const size = () => pick(random, [...edges.filter((edge) => edge < 2 ** 31), -1, 3]);
    const shape = Array.from({ length: random.integer(5) }, size);
    const strides = Array.from({ length: random.integer(5) }, size);
    const view = { shape, strides: random.uniform() < 0.5 ? strides : shape.map(size) };
    const count = pick(random, [0, 1, 6, 7, 2 ** 31 - 1]);
    const piece = tensor(storage(pick(random, ["0", "1", ...names]), count), {
      ...view,
      offset: size(),
    });
    return {
      pickle: pickle(dict({ w: piece })),
      how: `a view ${JSON.stringify(view)} of ${count}`,
    };
  },
  (random) => {
    const many = pick(random, [500, 500, 4000]);
    const view = pick(random, [
      { shape: [6], strides: [0] },
      { shape: [60_000], strides: [0] },
      { shape: [3, 2], strides: [1, 3] },
    ]);
    const pieces = Array.from({ length: many }, (_, i) => [`w${i}`, tensor(storage("0", 6), view)]);
    return {
      pickle: pickle(dict(Object.fromEntries(pieces) as Record<string, Piece>)),
      how: `${many} views ${JSON.stringify(view)} of one storage`,
    };
  },
  (random) => {
    const length = pick(random, [...edges, 2 ** 40]);
    const code = pick(random, [
      join(op(opcode.BINUNICODE), u32(length >>> 0)),
      join(op(opcode.BINUNICODE8), u64(BigInt(length))),
      join(op(opcode.BINBYTES8), u64(BigInt(length) << 20n)),
      join(op(opcode.LONG4), u32(length >>> 0)),
      join(op(opcode.FRAME), u64(BigInt(length))),
      join(op(opcode.LONG_BINPUT), u32(length >>> 0)),
      join(op(opcode.LONG_BINGET), u32(length >>> 0)),
    ]);
    return { pickle: pickle(join(dict({ w: good() }), code)), how: `a length of ${length}` };
  },
  (random) => {
    const entries = names.map((name) => [name, pick(random, [good(), int(3), text("x")])] as const);
    // Not Object.fromEntries: that sets the prototype for one of the names.
    const piece = join(
      op(opcode.EMPTY_DICT, opcode.MARK),
      ...entries.flatMap(([name, value]) => [text(name), value]),
      op(opcode.SETITEMS),
    );
    return { pickle: pickle(piece), how: "names that mean something to the language" };
  },
];

/** A pickle that lies, nests, multiplies or would run something. */
export function hostilePickle(random: Random): Mutant {
  const { pickle: bytes, how } = pick(random, recipes)(random);
  return { bytes, how };
}
