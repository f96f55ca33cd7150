export { type Katex, mathematics } from "./mathematics.ts";
export { type ProseLibraries, proseRenderer } from "./prose.ts";
