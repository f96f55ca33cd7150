import type { HistoryEntry, HistoryList, HistoryVersion } from "../../protocol/index.ts";

/** The texts that a workbook's file has had, as the server keeps them. */
export interface KeptVersions {
  /** Newest first. */
  list(signal?: AbortSignal): Promise<readonly HistoryEntry[]>;
  version(name: string, signal?: AbortSignal): Promise<HistoryVersion>;
}

/** @param path of the workbook, asked for at each request: it may be renamed */
export function keptVersions(path: () => string): KeptVersions {
  const ask = async (query: string, signal?: AbortSignal) => {
    const address = `/api/history/${path().split("/").map(encodeURIComponent).join("/")}${query}`;
    const response = await fetch(address, signal ? { signal } : {});
    if (response.ok) return response.json();
    const { error } = await response.json().catch(() => ({ error: undefined }));
    throw new Error(error ?? `Cannot show the history: the server answered ${response.status}`);
  };
  return {
    list: async (signal) => ((await ask("", signal)) as HistoryList).versions,
    version: async (name, signal) => (await ask(`?version=${name}`, signal)) as HistoryVersion,
  };
}
