import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import type {
  CompilerOptions,
  DocumentRegistry,
  IScriptSnapshot,
  LanguageService,
  LanguageServiceHost,
  ResolvedModuleWithFailedLookupLocations,
} from "typescript";
import { type Installation, ownInstallation } from "./installation.ts";
import { libraryFolder, ts } from "./typescript.ts";

/** Where the code of a program runs. */
export type Side = "browser" | "kernel" | "execution";

interface Text {
  readonly text: string;
  readonly version: number;
  readonly snapshot: IScriptSnapshot;
}

/** Node 20 lacks what newer versions know. */
const newest = Number(process.versions.node.split(".")[0]) >= 22 ? "esnext" : "es2023";

const libraries: Readonly<Record<Side, readonly string[]>> = {
  browser: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
  kernel: [newest],
  execution: [newest],
};

/** Name under which a cell's module takes what the cell finds without importing it. */
export const scopeModule = "simile:scope";

/**
 * A TypeScript program of modules that are only in memory, and of files that they import. Nothing of it
 * is run. Modules lie in `directory`, so that what they import is found as it is when they run.
 */
export class Program {
  readonly service: LanguageService;
  readonly #directory: string;
  readonly #installation: Installation;
  readonly #side: Side;
  readonly #options: CompilerOptions;
  readonly #texts = new Map<string, Text>();
  /** Files of the person's, by the version that was seen last. */
  readonly #seen = new Map<string, string>();
  /** Modules that import what was not there. */
  #lacks = new Set<string>();
  /** Those of them in which it is looked for again. */
  #lacking: ReadonlySet<string> = new Set();
  #roots: readonly string[] = [];
  #offersLibrary = false;
  #version = 0;

  /**
   * @param registry shared by programs, so that they read a library's file once
   * @param installation where declarations are; by default of this Simile
   */
  constructor(
    side: Side,
    directory: string,
    registry: DocumentRegistry = ts.createDocumentRegistry(true, directory),
    installation: Installation = ownInstallation(),
  ) {
    this.#side = side;
    this.#directory = directory;
    this.#installation = installation;
    this.#options = {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: libraries[side].map((name) => `lib.${name}.d.ts`),
      types: [],
      allowImportingTsExtensions: true,
      allowJs: true,
      resolveJsonModule: true,
      strict: true,
      noImplicitThis: false,
      useUnknownInCatchVariables: false,
      allowUnreachableCode: true,
      allowUnusedLabels: true,
      skipLibCheck: true,
    };
    this.service = ts.createLanguageService(this.#host(), registry);
  }

  /** Path of the module with that name. */
  path(name: string): string {
    return join(this.#directory, name);
  }

  /** Sets a module's text; undefined takes it away. */
  set(name: string, text: string | undefined): void {
    const path = this.path(name);
    const known = this.#texts.get(path);
    if (known?.text === text) return;
    this.#version++;
    if (text === undefined) this.#texts.delete(path);
    else {
      const snapshot = ts.ScriptSnapshot.fromString(text);
      this.#texts.set(path, { text, version: (known?.version ?? 0) + 1, snapshot });
    }
  }

  /** The modules that are looked at by themselves; others only when one of them imports them. */
  setRoots(names: readonly string[]): void {
    const roots = names.map((name) => this.path(name));
    if (roots.length === this.#roots.length && roots.every((root, i) => root === this.#roots[i])) {
      return;
    }
    this.#version++;
    this.#roots = roots;
  }

  /** From now on `simile` is part of the program although no module imports it, so that it can be offered. */
  offerLibrary(): void {
    this.#offersLibrary = true;
    this.#version++;
  }

  /** Looks whether files beside the workbook have changed since they were read. */
  refresh(): void {
    for (const [path, version] of this.#seen) {
      if (fileVersion(path) === version) continue;
      this.#seen.delete(path);
      this.#version++;
    }
    this.#lacking = this.#lacks;
    this.#lacks = new Set();
    if (this.#lacking.size > 0) this.#version++;
  }

  #host(): LanguageServiceHost & { hasInvalidatedResolutions(path: string): boolean } {
    const files = this.#files();
    const { node, from, library } = this.#installation;
    const ambient = this.#side === "browser" || node === undefined ? [] : [node];
    const offered = (): readonly string[] =>
      this.#offersLibrary && library !== undefined ? [library] : [];
    const isLibrary = (path: string): boolean =>
      path.includes("/node_modules/") || path.startsWith(dirname(from));
    return {
      getCompilationSettings: () => this.#options,
      getProjectVersion: () => String(this.#version),
      getScriptFileNames: () => [...ambient, ...offered(), ...this.#roots],
      getScriptVersion: (path) => {
        const text = this.#texts.get(path);
        if (text) return String(text.version);
        if (isLibrary(path)) return "0";
        const version = fileVersion(path);
        this.#seen.set(path, version);
        return version;
      },
      getScriptSnapshot: (path) => {
        const own = this.#texts.get(path);
        if (own) return own.snapshot;
        const text = ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getDefaultLibFileName: (settings) => join(libraryFolder, ts.getDefaultLibFileName(settings)),
      ...files,
      resolveTypeReferenceDirectiveReferences: (references, containing, redirected, options) =>
        references.map((reference) => {
          const name = typeof reference === "string" ? reference : reference.fileName;
          // One set of Node's types, whoever asks for it: a second would contradict the first.
          if (name === "node" && node !== undefined) {
            const file = { primary: true, resolvedFileName: node, isExternalLibraryImport: true };
            return { resolvedTypeReferenceDirective: file };
          }
          return ts.resolveTypeReferenceDirective(name, containing, options, files, redirected);
        }),
      resolveModuleNameLiterals: (literals, containing, redirected, options, file) =>
        literals.map((literal) => {
          const given = this.#given(literal.text);
          if (given) return given;
          const mode = ts.getModeForUsageLocation(file, literal, options);
          // Node takes what follows a question mark for another copy of the same file.
          const name = literal.text.replace(/^(\.{0,2}\/[^?#]*)[?#].*$/, "$1");
          const resolve = (place: string) =>
            ts.resolveModuleName(name, place, options, files, undefined, redirected, mode);
          const found = resolve(containing);
          if (found.resolvedModule) return found;
          const own = isPackage(literal.text) ? resolve(from) : found;
          if (!own.resolvedModule && this.#texts.has(containing)) this.#lacks.add(containing);
          return own;
        }),
      hasInvalidatedResolutions: (path) => this.#lacking.has(path),
    };
  }

  /** What is in memory, and behind it the disk. */
  #files() {
    const { sys } = ts;
    return {
      fileExists: (path: string) => this.#texts.has(path) || sys.fileExists(path),
      readFile: (path: string) => this.#texts.get(path)?.text ?? sys.readFile(path),
      directoryExists: (path: string) => path === this.#directory || sys.directoryExists(path),
      getDirectories: sys.getDirectories,
      realpath: (path: string) => (this.#texts.has(path) ? path : (sys.realpath?.(path) ?? path)),
      getCurrentDirectory: () => this.#directory,
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    };
  }

  /** What is in memory or what Simile itself gives: nothing has to be looked for. */
  #given(name: string): ResolvedModuleWithFailedLookupLocations | undefined {
    const { library, scopes } = this.#installation;
    const file =
      name === "simile" ? library : name === scopeModule ? scopes[this.#side] : undefined;
    if (file !== undefined) return resolvedTo(file, ts.Extension.Dts);
    // Node's own modules are declared by its types, whoever imports them: there is no file to find.
    if (isBuiltin(name)) return { resolvedModule: undefined };
    if (!name.startsWith("./simile-")) return undefined;
    for (const extension of [ts.Extension.Mts, ts.Extension.Dmts]) {
      const path = this.path(name.slice(2).replace(/\.mjs$/, extension));
      if (this.#texts.has(path)) return resolvedTo(path, extension);
    }
    return undefined;
  }
}

function resolvedTo(
  resolvedFileName: string,
  extension: string,
): ResolvedModuleWithFailedLookupLocations {
  return {
    resolvedModule: {
      resolvedFileName,
      extension,
      isExternalLibraryImport: false,
      resolvedUsingTsExtension: false,
    },
  } as ResolvedModuleWithFailedLookupLocations;
}

function isPackage(name: string): boolean {
  return /^[^./]/.test(name) && !/^[a-z][a-z+.-]*:/i.test(name);
}

/** Changes when a file does; the same for one that is not there. */
function fileVersion(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}-${stat.size}` : "";
}
