import { access, constants, stat } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { writeNpz } from "../../src/checkpoint/index.ts";
import type { SimilarityMatrix } from "../../src/similarity/index.ts";
import { matrix as asMatrix } from "../../src/tensor/index.ts";
import { UsageError } from "../command.ts";

/** A similarity matrix with the files it was made of. */
export interface MatrixResult {
  readonly matrix: SimilarityMatrix;
  readonly labels: readonly string[];
  readonly files: readonly string[];
}

type Writer = (result: MatrixResult) => Uint8Array | string;

/** The file formats by the end of a name. */
const writers: Readonly<Record<string, Writer>> = {
  ".npz": npzOf,
  ".csv": csvOf,
  ".json": (result) => `${jsonOf(result)}\n`,
};

/**
 * Refuses what could not be written, before minutes are spent on computing it.
 *
 * @param replace - whether a file of that name may be replaced
 * @throws {UsageError} when the name has no known end
 * @throws {Error} when there is a file already, or no folder to write into
 */
export async function checkMatrixFile(out: string, replace: boolean): Promise<void> {
  if (!Object.hasOwn(writers, extname(out))) {
    throw new UsageError(
      `Cannot write ${out}: expected a name that ends in .npz, .csv or .json, found ${extname(out) || "no such end"}`,
    );
  }
  const found = await stat(out).catch(() => undefined);
  if (found?.isDirectory()) throw new Error(`Cannot write ${out}: it is a folder`);
  if (found !== undefined && !replace) {
    throw new Error(`Cannot write ${out}: it exists already; --force replaces it`);
  }
  const folder = dirname(resolve(out));
  await access(folder).catch(() => {
    throw new Error(`Cannot write ${out}: there is no folder ${dirname(out)}`);
  });
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`Cannot write ${out}: the folder ${dirname(out)} is not to be written to`);
  });
}

/**
 * Writes the matrix in the format that the name says, atomically: the file is whole or not there.
 *
 * @throws {Error} when it cannot be written, e.g. to a full disk
 */
export async function writeMatrixFile(out: string, result: MatrixResult): Promise<void> {
  const bytes = writers[extname(out)]!(result);
  try {
    await replaceFile(resolve(out), bytes);
  } catch (error) {
    throw new Error(`Cannot write ${out}: ${(error as Error).message}`, { cause: error });
  }
}

/** Everything that is known of the matrix. Undefined and infinite numbers are null in JSON. */
export function jsonOf({ matrix, labels, files }: MatrixResult): string {
  const { data, norms, undefinedAt, steps, ...head } = matrix;
  const n = matrix.shape[0];
  const rows = Array.from(
    { length: n },
    (_, i) => `    ${JSON.stringify([...data.subarray(i * n, (i + 1) * n)])}`,
  );
  const whole = {
    ...head,
    labels,
    ...(steps && { steps }),
    files,
    undefinedAt,
    norms: [...norms],
  };
  return `${JSON.stringify(whole, null, 2).slice(0, -2)},\n  "matrix": [\n${rows.join(",\n")}\n  ]\n}`;
}

function npzOf({ matrix, labels, files }: MatrixResult): Uint8Array {
  const { data, norms, steps, shape, labels: _, ...provenance } = matrix;
  return writeNpz({
    matrix: asMatrix(shape[0], shape[1], data),
    norms: { shape: [norms.length], data: norms },
    ...(steps && { steps: BigInt64Array.from(steps, BigInt) }),
    labels,
    provenance: JSON.stringify({ ...provenance, files }),
  });
}

/** A row and a column for each network, by RFC 4180; numbers with all their digits. */
function csvOf({ matrix, labels }: MatrixResult): string {
  const n = matrix.shape[0];
  const rows = labels.map((label, i) => [label, ...matrix.data.subarray(i * n, (i + 1) * n)]);
  return [["", ...labels], ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
