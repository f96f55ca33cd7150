type Make = (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;

interface Kind {
  readonly size: number;
  readonly make: Make;
}

/** Kinds of raw bytes by the tag under which they travel. `make` takes a length in elements. */
export const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["Int8Array", { size: 1, make: (b, o, n) => new Int8Array(b, o, n) }],
  ["Uint8Array", { size: 1, make: (b, o, n) => new Uint8Array(b, o, n) }],
  ["Uint8ClampedArray", { size: 1, make: (b, o, n) => new Uint8ClampedArray(b, o, n) }],
  ["Int16Array", { size: 2, make: (b, o, n) => new Int16Array(b, o, n) }],
  ["Uint16Array", { size: 2, make: (b, o, n) => new Uint16Array(b, o, n) }],
  ["Int32Array", { size: 4, make: (b, o, n) => new Int32Array(b, o, n) }],
  ["Uint32Array", { size: 4, make: (b, o, n) => new Uint32Array(b, o, n) }],
  ["Float32Array", { size: 4, make: (b, o, n) => new Float32Array(b, o, n) }],
  ["Float64Array", { size: 8, make: (b, o, n) => new Float64Array(b, o, n) }],
  ["BigInt64Array", { size: 8, make: (b, o, n) => new BigInt64Array(b, o, n) }],
  ["BigUint64Array", { size: 8, make: (b, o, n) => new BigUint64Array(b, o, n) }],
  ["DataView", { size: 1, make: (b, o, n) => new DataView(b, o, n) }],
]);
