// Compiles the kernels: `node src/engine/wasm/build.mjs` writes kernels.generated.ts.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = dirname(fileURLToPath(import.meta.url));

/** @param {readonly string[]} options @returns {Promise<Uint8Array>} */
async function compile(options) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const fixed =
    "kernels.ts --outFile kernels.wasm -O3 --noAssert --runtime stub --importMemory --maximumMemory 65536";
  const { error, stderr } = await main(
    [...fixed.split(" "), "--baseDir", join(folder, "assembly"), ...options],
    {
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error || !binary)
    throw new Error(`Cannot compile the kernels: ${stderr.toString()}`, { cause: error });
  return binary;
}

/**
 * The text of kernels.generated.ts. A memory shared by threads is imported with one other flag; the
 * kernels, which use no atomics, are otherwise the same, so they are kept once with the flag's place.
 */
export async function generate() {
  const own = await compile(["--enable", "simd"]);
  const shared = await compile(["--enable", "simd,threads", "--sharedMemory"]);
  const differing = [...own.keys()].filter((i) => own[i] !== shared[i]);
  const [flag] = differing;
  if (own.length !== shared.length || differing.length !== 1 || flag === undefined) {
    throw new Error(
      `Cannot compile the kernels: expected the memory's flag alone to differ, found ${differing.length} bytes`,
    );
  }
  return [
    "// Compiled from assembly/*.ts by build.mjs; a test holds that it is.",
    "",
    "/** The kernels, base64. */",
    `export const kernels: string = "${Buffer.from(own).toString("base64")}";`,
    "",
    "/** The byte that says how the memory is imported: its value for a shared one. */",
    `export const sharedFlag: { readonly at: number; readonly value: number } = { at: ${flag}, value: ${shared[flag]} };`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(folder, "kernels.generated.ts"), await generate());
}
