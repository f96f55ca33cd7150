import { kernels, sharedFlag } from "./kernels.generated.ts";

/** Kernels of a pair: see assembly/chain.ts. Returns the exponent of two left outside the slices. */
export type PairKernel = (
  a: number,
  b: number,
  symmetrise: boolean,
  ...room: readonly number[]
) => number;

type GemmKernel = (
  a: number,
  transposeA: boolean,
  b: number,
  transposeB: boolean,
  rows: number,
  columns: number,
  inner: number,
  packedA: number,
  packedB: number,
  product: number,
) => void;

/** One task of a program: see assembly/program.ts. */
type ProgramKernel = (code: number, scratch: number, entry: number) => void;

/** Kernels that are told addresses and sizes, write to memory and return a number: see assembly/form-*.ts. */
export type CallKernelName =
  | "packStep64"
  | "packStep32"
  | "formTile64"
  | "formTile32"
  | "formProducts64"
  | "formProducts32";
type CallKernel = (...parameters: readonly number[]) => number;

/** What the compiled kernels export. */
export interface Kernels extends Readonly<Record<CallKernelName, CallKernel>> {
  readonly pair64: PairKernel;
  readonly pair32: PairKernel;
  readonly gemm64: GemmKernel;
  readonly gemm32: GemmKernel;
  readonly program64: ProgramKernel;
  readonly program32: ProgramKernel;
}

/** Bytes of a page of WebAssembly memory. */
export const page: number = 65536;

/** Pages a memory may have: one less than 32-bit addresses reach, so that no end of a range is 2^32. */
export const mostPages: number = 65535;

const modules = new Map<boolean, Promise<WebAssembly.Module>>();

/** The kernels compiled for a memory of one thread, or shared by several. Compiled once. */
export function compiled(shared: boolean): Promise<WebAssembly.Module> {
  const known = modules.get(shared);
  if (known) return known;
  const bytes = Uint8Array.from(atob(kernels), (letter) => letter.charCodeAt(0));
  if (shared) bytes[sharedFlag.at] = sharedFlag.value;
  const module = WebAssembly.compile(bytes);
  modules.set(shared, module);
  return module;
}

/** The kernels at work in `memory`, on this thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** Grows `memory` to at least `bytes`; false when it cannot. */
export function grow(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = Math.ceil(bytes / page) - memory.buffer.byteLength / page;
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}
