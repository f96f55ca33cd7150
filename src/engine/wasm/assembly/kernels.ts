export { pair32, pair64 } from "./chain";
export { gemm32, gemm64 } from "./gemm";
export { program32, program64 } from "./program";
