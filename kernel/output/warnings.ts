const expected = /vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER/;

/** Leaves out Node's warning about the loader that cells are evaluated with; others are printed. */
export function quietWarnings(): void {
  const emit = process.emitWarning as (...parts: unknown[]) => void;
  process.emitWarning = (...parts: unknown[]): void => {
    if (!expected.test(String(parts[0]))) emit.apply(process, parts);
  };
}
