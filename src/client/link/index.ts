export { copyLink, copyLinkButton } from "./copy-link.ts";
export { LinkedInputs, type LinkedView } from "./linked-inputs.ts";
export { pageAddress } from "./page-address.ts";
