/** A text that this tab keeps through reloads. A browser that keeps none is taken as it is. */
export function sessionText(key: string): {
  load(): string | null;
  store(text: string): void;
  remove(): void;
} {
  return {
    load() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    store: (text) => sessionStorage.setItem(key, text),
    remove: () => sessionStorage.removeItem(key),
  };
}
