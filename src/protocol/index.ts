/*
 * The messages between page, server and kernel. Each is encoded by `frame.ts`: values that hold typed
 * arrays travel as raw bytes. A *command* is asked of the server or kernel, a *notice* is told by it.
 */
export type * from "./bundle.ts";
export type * from "./cells.ts";
export type * from "./checkpoints.ts";
export type * from "./comm.ts";
export { checkKernelCommand, checkPageCommand, commandNumber } from "./command.ts";
export { CommandError } from "./door.ts";
export type * from "./edits.ts";
export { decode, encode, type FrameHead, head } from "./frame.ts";
export { type HeldValue, heldValue, shortText } from "./held.ts";
export type { Json } from "./json.ts";
export type * from "./kernel-commands.ts";
export type * from "./kernel-notices.ts";
export type * from "./language.ts";
export { checkLanguageQuestion } from "./language-question.ts";
export { isOffered } from "./offered.ts";
export type * from "./page-commands.ts";
export type * from "./page-notices.ts";
export { FrameReader, largestFrame, lengthPrefix } from "./pipe.ts";
export * from "./report.ts";
export { sizeOf } from "./size-of.ts";
export { FrameError, type Step, TransferError, transfer } from "./transfer.ts";
export type * from "./workbook-files.ts";
