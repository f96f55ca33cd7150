import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * An optional package that engine `engine` needs, loaded when it is asked for.
 *
 * @throws {Error} when it is not installed or does not load
 */
export function loadPackage<Package>(engine: string, name: string): Package {
  try {
    return require(name) as Package;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // One of its own parts may be what is missing.
    const missing = message.startsWith(`Cannot find module '${name}'`);
    const why = missing ? `${name} is not installed` : `${name} does not load: ${message}`;
    throw new Error(`Cannot use engine "${engine}": ${why}`, { cause });
  }
}
