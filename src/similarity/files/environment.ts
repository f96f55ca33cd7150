import { provideCache, SimilarityCache } from "../index.ts";
import { resultFolder } from "./result-folder.ts";

let cache: { readonly folder: string; readonly kept: SimilarityCache } | undefined;

// A process told by its environment where results are kept has them kept: a kernel is, by the server.
provideCache(() => {
  const folder = process.env["SIMILE_CACHE"];
  if (!folder) return undefined;
  if (cache?.folder !== folder) {
    cache = { folder, kept: new SimilarityCache({ results: resultFolder(folder) }) };
  }
  return cache.kept;
});
