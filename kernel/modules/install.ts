import * as nodeModule from "node:module";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { stampOf } from "./files.ts";
import { type Asked, moduleHooks } from "./hooks.ts";
import { type Edited, LocalModules } from "./local-modules.ts";
import { strippedNow } from "./typescript.ts";

/** What the thread of the loader is started with. */
export interface LoaderData {
  readonly port: MessagePort;
  readonly places: Places;
}

/** Where modules that come with Simile are. */
export interface Places {
  readonly library: string;
  readonly own: string;
  readonly kernel: string;
  readonly drawing: string;
}

/** What the loader's thread is told: files and their new generations. */
export type Generations = readonly (readonly [path: string, generation: number])[];

const isBuilt = !import.meta.url.endsWith(".ts");
/** The library, as cells import it: the built one beside the built kernel, so that there is one of it. */
export const places: Places = {
  library: new URL(isBuilt ? "./simile.js" : "../../src/index.node.ts", import.meta.url).href,
  own: import.meta.url,
  kernel: new URL(".", import.meta.url).href,
  drawing: new URL(isBuilt ? "./drawing.js" : "../rich/drawing.ts", import.meta.url).href,
};

/** The local modules of this process. */
export interface LoadedModules {
  /** Whether files have changed since they were loaded; they are loaded anew when they are imported again. */
  look(): Edited | undefined;
  forget(cell: string): void;
  /** A cell asked for a file by `require`. */
  required(parent: string, path: string): void;
  readonly folders: ReadonlySet<string>;
}

let installed: LoadedModules | undefined;

/** The local modules of this process; undefined when none can have been loaded. */
export function loadedModules(): LoadedModules | undefined {
  return installed;
}

/** Teaches Node's loader, once, how cells and the modules beside them import. */
export function installModules(): void {
  // From sources, where only tests evaluate, there is no thread to start.
  if (isBuilt) installed ??= install();
}

/** Tells which file a cell asks for, where hooks do not hear it. */
export function requiredBy(parent: string, find: () => string): void {
  if (!installed) return;
  try {
    const path = find();
    if (isAbsolute(path) && !path.includes("/node_modules/")) installed.required(parent, path);
  } catch {
    // What is missing is told to who asked.
  }
}

function install(): LoadedModules {
  const modules = new LocalModules();
  const synchronous = Reflect.get(nodeModule, "registerHooks") as
    | ((hooks: object) => void)
    | undefined;
  let drain = () => {};
  let tell = (_generations: Generations) => {};
  if (synchronous) {
    synchronous(
      moduleHooks({
        ...places,
        generation: (path) => modules.generation(path),
        asked: (asked) => modules.add(asked),
        strip: strippedNow,
      }),
    );
  } else {
    const { port1, port2 } = new MessageChannel();
    const data: LoaderData = { port: port2, places };
    nodeModule.register("./loader-thread.js", import.meta.url, { data, transferList: [port2] });
    drain = () => {
      tellRequired(modules);
      for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1)) {
        modules.add(next.message as Asked);
      }
    };
    tell = (generations) => port1.postMessage(generations);
  }
  return {
    look() {
      drain();
      const edited = modules.look();
      if (!edited) return undefined;
      tell(edited.stale.map((path) => [path, modules.generation(path)]));
      for (const path of edited.stale) delete required[path];
      return edited;
    },
    required(parent, path) {
      modules.add({ parent, path, stamp: stampOf(path) });
    },
    forget(cell) {
      drain();
      modules.forget(cell);
    },
    get folders() {
      drain();
      return modules.folders;
    },
  };
}

/** Hooks off the main thread do not hear what CommonJS modules require. */
function tellRequired(modules: LocalModules): void {
  for (const [file, module] of Object.entries(required)) {
    if (!module || file.includes("/node_modules/")) continue;
    const parent = pathToFileURL(file).href;
    for (const { filename } of module.children ?? []) {
      if (!filename.includes("/node_modules/") && !modules.isImporter(file, filename)) {
        modules.add({ parent, path: filename, stamp: stampOf(filename) });
      }
    }
  }
}

/** CommonJS modules by file; one that is deleted is loaded anew. */
const required = nodeModule.createRequire(import.meta.url).cache;
