import { relative, sep } from "node:path";

/** A file as a person in a folder knows it: its path from there, or in full when it lies elsewhere. */
export function fileName(path: string, directory: string): string {
  const below = relative(directory, path);
  const isBelow = !below.startsWith("..") && below !== "";
  return isBelow ? below.split(sep).join("/") : path;
}
