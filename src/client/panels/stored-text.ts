/** A text that this browser keeps. One that keeps none, or is full, is taken as it is. */
export function storedText(key: string): { load(): string | null; store(text: string): void } {
  return {
    load() {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    store(text) {
      try {
        localStorage.setItem(key, text);
      } catch {
        // What is not kept is chosen again.
      }
    },
  };
}
