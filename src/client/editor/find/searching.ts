// The script of the worker in which a regular expression is tried: one that never ends is ended with it.
import { type SearchQuestion, search } from "./search.ts";

addEventListener("message", ({ data }: MessageEvent<SearchQuestion | "ready?">) => {
  postMessage(data === "ready?" ? "ready" : search(data));
});
