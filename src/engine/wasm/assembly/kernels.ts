export { pair32, pair64 } from "./chain";
export { formProducts32, formProducts64, formTile32, formTile64, packStep32, packStep64 } from "./forms";
export { gemm32, gemm64 } from "./gemm";
export { program32, program64 } from "./program";
