import { logsFolder, resultsFolder } from "./state-folder.ts";

/** What a process needs to run at all, and what says where a person keeps things. */
const passed: readonly (string | RegExp)[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  /^LC_/,
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  /^XDG_/,
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "CUDA_VISIBLE_DEVICES",
  "OMP_NUM_THREADS",
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "NUMBER_OF_PROCESSORS",
  "PROCESSOR_ARCHITECTURE",
  "SIMILE_OUTPUT_LINES",
  "SIMILE_OUTPUT_BYTES",
];

/**
 * The environment of a kernel: an allow-list, because secrets have no common name. `SIMILE_PASS` names
 * more variables, separated by spaces or commas, for workbooks that need them. `SIMILE_CACHE` tells it
 * where similarities are remembered, by default in the state folder; set to nothing, nowhere. So does
 * `SIMILE_LOGS` where the logs of cells are.
 */
export function kernelEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const named = new Set((own["SIMILE_PASS"] ?? "").split(/[\s,]+/));
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    const upper = name.toUpperCase();
    const known = passed.some((rule) =>
      rule instanceof RegExp ? rule.test(upper) : rule === upper,
    );
    if (value !== undefined && (known || named.has(name))) environment[name] = value;
  }
  environment["SIMILE_CACHE"] = resultsFolder(own);
  environment["SIMILE_LOGS"] = logsFolder(own);
  return environment;
}
