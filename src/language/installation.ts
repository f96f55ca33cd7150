import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where declarations are found that no workbook has to bring. */
export interface Installation {
  /** A file of Simile's own: packages that a workbook's folder lacks are looked up from here. */
  readonly from: string;
  /** Declarations of `simile`. */
  readonly library: string | undefined;
  /** Declarations of what a cell finds without importing it, by side. */
  readonly scopes: Readonly<Record<"browser" | "kernel" | "execution", string | undefined>>;
  /** Node's own types. */
  readonly node: string | undefined;
}

/** This installation of Simile, or the clone with what was built in it. */
export function ownInstallation(): Installation {
  const from = fileURLToPath(import.meta.url);
  const types = fileURLToPath(
    new URL(from.endsWith(".ts") ? "../../dist/types/" : "./types/", import.meta.url),
  );
  const there = (path: string): string | undefined => {
    const file = join(types, path);
    return existsSync(file) ? file : undefined;
  };
  return {
    from,
    library: there("index.node.d.ts"),
    scopes: {
      browser: there("client/scope/browser.d.ts"),
      kernel: there("language/kernel-scope.d.ts"),
      execution: there("language/execution-scope.d.ts"),
    },
    node: nodeTypes(),
  };
}

function nodeTypes(): string | undefined {
  try {
    const found = createRequire(import.meta.url).resolve("@types/node/package.json");
    return join(dirname(found), "index.d.ts");
  } catch {
    return undefined;
  }
}
