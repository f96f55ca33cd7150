/** The part of an address after its `#`, and who changes it. */
export interface Address {
  read(): string;
  /** Puts another in its place; the way back leads where it led before. */
  write(hash: string): void;
  /** Calls when somebody else has changed it; returns what ends it. */
  onChange(changed: () => void): () => void;
}

/** The address of this page. */
export const pageAddress: Address = {
  read: () => location.hash,
  write(hash) {
    try {
      history.replaceState(history.state, "", hash || location.pathname + location.search);
    } catch {
      // A page without an address of its own, or one that has changed it too often: the next one says it.
    }
  },
  onChange(changed) {
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  },
};
