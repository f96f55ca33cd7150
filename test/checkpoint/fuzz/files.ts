import { deflateRawSync, gzipSync } from "node:zlib";
import { Random } from "../../../src/tensor/index.ts";
import { dict, float, int, pickle, text } from "../../support/pickle-writer.ts";
import { floats, storage, tensor, torchZip } from "../../support/torch-writer.ts";
import { type ZipFile, zipOf } from "../../support/zip-writer.ts";
import { changed, edges, type Mutant, pick } from "./bytes.ts";
import { hostilePickle } from "./pickles.ts";

/** Files inside an archive, so that a change to one of them can be packed anew. */
type Parts = readonly { readonly name: string; readonly bytes: Uint8Array }[];

const ascii = (value: string): Uint8Array => new TextEncoder().encode(value);

function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const line = Buffer.from(`${header}\n`, "latin1");
  const start = Buffer.alloc(version === 1 ? 10 : 12);
  start.write("\x93NUMPY", "latin1");
  start[6] = version;
  if (version === 1) start.writeUInt16LE(line.length, 8);
  else start.writeUInt32LE(line.length, 8);
  return new Uint8Array(Buffer.concat([start, line, data]));
}

const header = (descr: string, shape: string, fortran = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

const six = floats(1, 2, 3, 4, 5, 6);
const arrays: readonly Uint8Array[] = [
  npy(header("<f4", "(2, 3)"), six),
  npy(header("<f4", "(2, 3)", "True"), six, 2),
  npy(header(">f8", "(3,)"), six, 3),
  npy(header("<i8", "()"), six.subarray(0, 8)),
  npy(header("|b1", "(24,)"), six),
];

const state = dict({
  model_state_dict: dict({
    "fc.weight": tensor(storage("0", 6), { shape: [2, 3] }),
    turned: tensor(storage("0", 6), { shape: [3, 2], strides: [1, 3] }),
    "fc.bias": tensor(storage("1", 3, "BFloat16Storage"), { shape: [3] }),
  }),
  optimizer_state_dict: dict({ momentum: tensor(storage("0", 6), { shape: [6] }) }),
  step: int(300),
  loss: float(0.5),
  note: text("seed 1"),
});
const storages = { "0": six, "1": six.subarray(0, 6) };
const torch = torchZip(pickle(state), storages);
const torchParts: Parts = [
  { name: "run/data.pkl", bytes: pickle(state) },
  { name: "run/byteorder", bytes: ascii("little") },
  { name: "run/data/0", bytes: storages["0"] },
  { name: "run/data/1", bytes: storages["1"] },
  { name: "run/version", bytes: ascii("3\n") },
];
const npzParts: Parts = [
  ...arrays.map((bytes, i) => ({ name: `a${i}.npy`, bytes })),
  { name: "step.npy", bytes: npy(header("<i8", "()"), six.subarray(0, 8)) },
  { name: "notes.txt", bytes: ascii("notes") },
];

const tensorsHeader = {
  __metadata__: { step: "12", seed: "1" },
  left: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
  right: { dtype: "F16", shape: [4], data_offsets: [16, 24] },
};

function safetensors(json: string, data: Uint8Array): Uint8Array {
  const text8 = Buffer.from(json);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text8.length));
  return new Uint8Array(Buffer.concat([length, text8, data]));
}

const stored = safetensors(JSON.stringify(tensorsHeader), six);
const stored2 = safetensors(
  JSON.stringify({ w: { dtype: "I64", shape: [3], data_offsets: [0, 24] } }).padEnd(64),
  six,
);

/** Zeros that pack a thousandfold, deflated once. */
const zeros: ReadonlyMap<number, Uint8Array> = new Map(
  [1 << 16, 1 << 20, 1 << 25, 1 << 26].map((size) => [size, deflateRawSync(Buffer.alloc(size))]),
);
const zerosPacked: ReadonlyMap<number, Uint8Array> = new Map(
  [1 << 16, 1 << 20, 1 << 25, 1 << 27].map((size) => [size, gzipSync(Buffer.alloc(size))]),
);

const whole: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["a.pt", torch],
  ["b.pt", packedAnew(torchParts, true)],
  ["a.npz", packedAnew(npzParts, false)],
  ["b.npz", packedAnew(npzParts, true)],
  ["a.safetensors", stored],
  ["b.safetensors", stored2],
  ...arrays.map((bytes, i) => [`a${i}.npy`, bytes] as const),
];

function packedAnew(parts: Parts, deflate: boolean): Uint8Array {
  return zipOf(
    parts.map((part) => (deflate ? { ...part, deflated: deflateRawSync(part.bytes) } : part)),
  );
}

interface Case extends Mutant {
  /** A name for the file, which messages must say. */
  readonly name: string;
}

/** Files that are right, in every format: what is mutated. */
export const bases: readonly Case[] = whole.flatMap(([name, bytes]) => [
  { name, bytes, how: "nothing" },
  { name: `${name}.gz`, bytes: new Uint8Array(gzipSync(bytes)), how: "packed" },
]);

type Recipe = (random: Random) => Case;

/** The pickle or an array in an archive changed, its sizes and CRC right. */
const inside: Recipe = (random) => {
  const [name, parts] = pick(random, [
    ["in.pt", torchParts],
    ["in.npz", npzParts],
  ] as const);
  const which = random.uniform() < 0.6 ? 0 : random.integer(parts.length);
  const { bytes, how } = changed(parts[which]!.bytes, random);
  const changedParts = parts.map((part, i) => (i === which ? { ...part, bytes } : part));
  return {
    name,
    bytes: packedAnew(changedParts, random.uniform() < 0.3),
    how: `${parts[which]!.name}: ${how}`,
  };
};

const pickled: Recipe = (random) => {
  const { bytes, how } = hostilePickle(random);
  const parts = torchParts.map((part, i) => (i === 0 ? { ...part, bytes } : part));
  return { name: "pickle.pt", bytes: packedAnew(parts, random.uniform() < 0.2), how };
};

const lyingZip: Recipe = (random) => {
  const parts = pick(random, [torchParts, npzParts]);
  const which = random.integer(parts.length);
  const field = pick(random, ["crc", "size", "packed", "offset", "flags", "method"] as const);
  const short = field === "flags" || field === "method";
  const value = short ? pick(random, [0, 1, 8, 9, 64, 99]) : pick(random, edges);
  const where = field === "offset" || random.uniform() < 0.6 ? "directory" : "header";
  const names = ["../a.npy", "/a.npy", "a\\..\\b", "", "\0", parts[0]!.name, "__proto__"];
  const rename = random.uniform() < 0.25 ? pick(random, names) : undefined;
  const files = parts.map((part, i): ZipFile => {
    if (i !== which) return part;
    const deflated = random.uniform() < 0.3 ? { deflated: deflateRawSync(part.bytes) } : {};
    if (rename !== undefined) return { ...part, ...deflated, name: rename };
    return { ...part, ...deflated, [where]: { [field]: value } };
  });
  const twice = random.uniform() < 0.15 ? [...files, files[random.integer(files.length)]!] : files;
  const how = rename ?? `${where} ${field} ${value}`;
  const options = { wide: random.uniform() < 0.5, deferred: random.uniform() < 0.3 };
  return {
    name: "lying.zip",
    bytes: zipOf(twice, options),
    how: `${parts[which]!.name}: ${how}${twice === files ? "" : ", one twice"}, ${JSON.stringify(options)}`,
  };
};

const bomb: Recipe = (random) => {
  const size = pick(random, random.uniform() < 0.3 ? [...zeros.keys()] : [1 << 16, 1 << 20]);
  const count = pick(random, [1, 2, 40]);
  const told = random.uniform() < 0.3 ? pick(random, edges) : size;
  const directory = { size: told, crc: random.uniform() < 0.5 ? 0 : 1 };
  const file = { bytes: new Uint8Array(0), deflated: zeros.get(size)!, directory };
  const how = `${count} entries of ${size} zeros, told ${told}`;
  if (random.uniform() < 0.5) {
    const files = Array.from({ length: count }, (_, i) => ({ ...file, name: `a${i}.npy` }));
    return { name: "bomb.npz", bytes: zipOf(files), how };
  }
  const views = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `w${i}`,
      tensor(storage("0", size / 4), { shape: [1], offset: i }),
    ]),
  );
  const files = [
    { name: "run/data.pkl", bytes: pickle(dict(views)) },
    { ...file, name: "run/data/0" },
  ];
  return { name: "bomb.pt", bytes: zipOf(files), how: `${how}, as many views` };
};

const lyingHeader: Recipe = (random) => {
  const values: readonly unknown[] = [...edges, -1, 0.5, 2 ** 53, 2 ** 53 + 2, null, "1", [], {}];
  const value = () => pick(random, values);
  const claim = structuredClone(tensorsHeader) as Record<string, unknown>;
  const left = claim["left"] as Record<string, unknown>;
  const which = random.integer(6);
  if (which === 0) left["shape"] = Array.from({ length: random.integer(6) }, value);
  if (which === 1) left["data_offsets"] = Array.from({ length: random.integer(4) }, value);
  if (which === 2) left["dtype"] = value();
  if (which === 3) claim[pick(random, ["__metadata__", "constructor", "left"])] = value();
  if (which === 4) left["shape"] = Array.from({ length: 5000 }, () => 1);
  let json = JSON.stringify(claim);
  if (which === 5) {
    const deep = pick(random, [32, 33, 10_000]);
    json = json.replace("[2,2]", `${"[".repeat(deep)}${"]".repeat(deep)}`);
  }
  if (random.uniform() < 0.2) json = json.replace('"left"', '"__proto__"');
  return { name: "lying.safetensors", bytes: safetensors(json, six), how: json.slice(0, 200) };
};

const lyingArray: Recipe = (random) => {
  const size = () => String(pick(random, [...edges, -1, 2 ** 53, "9".repeat(400), "2L", "x"]));
  const shape = `(${Array.from({ length: random.integer(5) }, size).join(", ")},)`;
  const deep = pick(random, [15, 17, 60_000]);
  const text8 = pick(random, [
    header("<f4", shape),
    header(pick(random, ["|O", "<V2", "=f4", "<f9", "<c8", ">b1"]), "(2, 3)"),
    header("<f4", `${"(".repeat(deep)}${")".repeat(deep)}`),
    `{'descr': '<f4', 'descr': '<f8', 'shape': (2, 3)}`,
    "__import__('os').system('touch canary')",
    " ".repeat(pick(random, [1, 60_000])),
  ]);
  return {
    name: "lying.npy",
    bytes: npy(text8, six, text8.length > 65_000 ? 2 : pick(random, [1, 2, 3])),
    how: text8.slice(0, 200),
  };
};

const raw: Recipe = (random) => {
  const base = pick(random, bases);
  const { bytes, how } = changed(base.bytes, random);
  return { name: base.name, bytes, how };
};

const packed: Recipe = (random) => {
  if (random.uniform() < 0.03) {
    const [size, bytes] = pick(random, [...zerosPacked]);
    return { name: "zeros.gz", bytes, how: `${size} zeros` };
  }
  const { name, bytes, how } = pick(random, [raw, inside, pickled, lyingHeader])(random);
  const once = gzipSync(bytes);
  const twice = random.uniform() < 0.2 ? gzipSync(once) : once;
  const members = random.uniform() < 0.1 ? Buffer.concat([twice, twice]) : twice;
  return { name: `${name}.gz`, bytes: new Uint8Array(members), how: `${how}, packed` };
};

/** How often each is drawn, out of 100. */
const recipes: readonly (readonly [weight: number, recipe: Recipe])[] = [
  [36, raw],
  [20, inside],
  [14, pickled],
  [9, lyingZip],
  [1, bomb],
  [7, lyingHeader],
  [6, lyingArray],
  [7, packed],
];

/** Mutant number `index` of a seed. */
export function mutant(seed: number, index: number): Case {
  const random = new Random(seed * 2 ** 26 + index);
  let left = random.integer(100);
  for (const [weight, recipe] of recipes) {
    left -= weight;
    if (left < 0) return recipe(random);
  }
  return raw(random);
}
