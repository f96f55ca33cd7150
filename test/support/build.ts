const bootstrap = new URL("../../server/bootstrap/build.mjs", import.meta.url).href;

/** Builds dist/ when a source changed, once for the whole run. */
export async function setup(): Promise<void> {
  await ((await import(bootstrap)) as { buildIfStale(): Promise<boolean> }).buildIfStale();
}
