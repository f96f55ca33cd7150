/** A .npy file with this header text and data. */
export function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = Buffer.from(`${header}\n`, version === 3 ? "utf8" : "latin1");
  const start = Buffer.alloc(version === 1 ? 10 : 12);
  start.write("\x93NUMPY", "latin1");
  start[6] = version;
  if (version === 1) start.writeUInt16LE(text.length, 8);
  else start.writeUInt32LE(text.length, 8);
  return new Uint8Array(Buffer.concat([start, text, data]));
}

/** A header as NumPy writes it. */
export const header = (descr: string, shape: string, fortran = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
/** Bytes of float64 numbers. */
export const f64 = (...values: number[]): Uint8Array =>
  new Uint8Array(Float64Array.from(values).buffer);
