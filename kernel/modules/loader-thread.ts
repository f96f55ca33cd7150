/*
 * Runs on the thread of Node's loader, on versions of Node that have their hooks there.
 */
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { loadTypeScript } from "../../src/workbook/index.ts";
import { type ModuleHooks, moduleHooks } from "./hooks.ts";
import type { Generations, LoaderData } from "./install.ts";
import { stripped } from "./typescript.ts";

const generations = new Map<string, number>();
let hooks: ModuleHooks;
let port: MessagePort;

export const initialize: InitializeHook<LoaderData> = (data) => {
  port = data.port;
  hooks = moduleHooks({
    ...data.places,
    generation: (path) => generations.get(path) ?? 0,
    asked: (asked) => port.postMessage(asked),
    strip: async (text, url) => stripped(text, url, await loadTypeScript()),
  });
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  for (let told = receiveMessageOnPort(port); told; told = receiveMessageOnPort(port)) {
    for (const [path, generation] of told.message as Generations) generations.set(path, generation);
  }
  return hooks.resolve(specifier, context, next as never);
};

export const load: LoadHook = async (url, context, next) => hooks.load(url, context, next as never);
