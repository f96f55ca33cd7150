export { CommandError, checkKernelCommand, checkPageCommand } from "./command.ts";
export { decode, encode, type FrameHead, head } from "./frame.ts";
export type { Json } from "./json.ts";
export type * from "./language.ts";
export type * from "./messages.ts";
export { FrameReader, largestFrame, lengthPrefix } from "./pipe.ts";
export * from "./report.ts";
export { FrameError, type Step, TransferError, transfer } from "./transfer.ts";
