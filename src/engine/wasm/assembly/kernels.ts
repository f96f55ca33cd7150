export { pair32, pair64 } from "./chain";
export { formProducts32, formProducts64 } from "./form-products";
export { formTile32, formTile64 } from "./form-tile";
export { packStep32, packStep64 } from "./form-step";
export { gemm32, gemm64 } from "./gemm";
export { program32, program64 } from "./program";
