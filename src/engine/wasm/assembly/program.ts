// Runs programs in instructions, as program/code.ts writes them: every matrix packed, in its rows or in
// its columns, at an offset in the worker's scratch memory.
import { combine, copy, dot, hadamard, multiple, rowDots, shift } from "./entrywise";
import { packColumns, packRows } from "./pack";
import { panels, product, UNIT } from "./product";
import { turn } from "./turn";
import { unpackColumns, unpackRows } from "./unpack";

/** What an instruction does; `kinds` in program/code.ts has the same order. */
enum Kind {
  PackRows,
  PackColumns,
  Product,
  Hadamard,
  Combine,
  Multiple,
  Scale,
  Copy,
  Shift,
  Turn,
  Dot,
  RowDots,
  OutputRows,
  OutputColumns,
}

/** An instruction as it lies in memory. Sizes are those of the packed matrices: rows, then inner. */
@unmanaged
class Instruction {
  kind: u32;
  /** Offsets in the scratch memory, and bytes between panels, of operands and result. */
  a: u32;
  aStride: u32;
  b: u32;
  bStride: u32;
  z: u32;
  zStride: u32;
  rows: u32;
  inner: u32;
  /** Rows of B in a product; where rows begin in a shift. */
  other: u32;
  from: u32;
  /** Which address of the entry is meant. */
  slot: u32;
  alpha: f64;
  beta: f64;
}
const INSTRUCTION: usize = 64;
/** Bytes of code before the first instruction: how many there are. */
const HEAD: usize = 64;

/** Flags of an entry: the first and the last of its group, the only one of a group without tasks. */
const FIRST: u32 = 1;
const LAST: u32 = 2;
const EMPTY: u32 = 4;
/** Bytes of an entry before its addresses: flags, then the weight. */
const ENTRY: usize = 16;

/**
 * One task: the entry has flags, a weight, and for each input and each output the address of a
 * row-major matrix and the bytes between its rows. An input whose address is 0 is the one of the entry
 * before, packed already. Outputs are added up in the scratch memory and go to their addresses with the
 * last task of the group.
 */
function run<T>(code: usize, scratch: usize, entry: usize): void {
  const flags = load<u32>(entry);
  const weight = load<f64>(entry, 8);
  const end = code + HEAD + <usize>load<u32>(code) * INSTRUCTION;
  for (let at = code + HEAD; at < end; at += INSTRUCTION) {
    const i = changetype<Instruction>(at);
    const a = scratch + i.a;
    const b = scratch + i.b;
    const z = scratch + i.z;
    const aStride = <usize>i.aStride;
    const bStride = <usize>i.bStride;
    const zStride = <usize>i.zStride;
    const rows = <usize>i.rows;
    const inner = <usize>i.inner;
    const slot = entry + ENTRY + <usize>i.slot * 8;
    const address = <usize>load<u32>(slot);
    const row = <usize>load<u32>(slot, 4);
    const count = panels<T>(rows);
    if (flags & EMPTY) {
      if (i.kind == Kind.OutputRows) clear(address, row, rows, inner * sizeof<T>());
      if (i.kind == Kind.OutputColumns) clear(address, row, inner, rows * sizeof<T>());
      continue;
    }
    switch (i.kind) {
      case Kind.PackRows:
        if (address) packRows<T>(address, row, rows, inner, z, zStride);
        break;
      case Kind.PackColumns:
        if (address) packColumns<T>(address, row, rows, inner, z, zStride);
        break;
      case Kind.Product:
        product<T>(a, count, aStride, b, panels<T>(i.other), bStride, inner, z, zStride, UNIT);
        break;
      case Kind.Hadamard:
        hadamard<T>(a, aStride, b, bStride, z, zStride, count, inner);
        break;
      case Kind.Combine:
        combine<T>(a, aStride, i.alpha, b, bStride, i.beta, z, zStride, count, inner);
        break;
      case Kind.Multiple:
        multiple<T>(a, aStride, i.alpha, z, zStride, count, inner);
        break;
      case Kind.Scale:
        multiple<T>(a, aStride, <f64>load<T>(b), z, zStride, count, inner);
        break;
      case Kind.Copy:
        copy(a, aStride, z, zStride, count, inner);
        break;
      case Kind.Shift:
        shift<T>(a, aStride, i.from, z, zStride, i.other, rows, inner);
        break;
      case Kind.Turn:
        turn<T>(a, aStride, rows, inner, z, zStride);
        break;
      case Kind.Dot:
        store<T>(z, <T>dot<T>(a, aStride, b, bStride, rows, inner));
        break;
      case Kind.RowDots:
        rowDots<T>(a, aStride, b, bStride, z, zStride, rows, inner);
        break;
      default: {
        let from = a;
        let stride = aStride;
        let times = weight;
        if (!(flags & FIRST && flags & LAST)) {
          if (flags & FIRST) multiple<T>(a, aStride, weight, z, zStride, count, inner);
          else combine<T>(z, zStride, 1, a, aStride, weight, z, zStride, count, inner);
          from = z;
          stride = zStride;
          times = 1;
        }
        if (!(flags & LAST)) break;
        if (i.kind == Kind.OutputRows) unpackRows<T>(from, stride, rows, inner, times, address, row);
        else unpackColumns<T>(from, stride, rows, inner, times, address, row);
      }
    }
  }
}

/** Zeros in a row-major matrix. */
function clear(at: usize, row: usize, rows: usize, bytes: usize): void {
  for (let i: usize = 0; i < rows; i++) memory.fill(at + i * row, 0, bytes);
}

export function program64(code: usize, scratch: usize, entry: usize): void {
  run<f64>(code, scratch, entry);
}

export function program32(code: usize, scratch: usize, entry: usize): void {
  run<f32>(code, scratch, entry);
}
