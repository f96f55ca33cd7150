/** What a person is doing: choosing cells, or writing in one. */
export type Mode = "command" | "edit";

/** A key or keys one after the other, as "Mod-Shift-Enter" or "d d"; Mod is Ctrl, on a Mac Cmd. */
export type Keys = string;

/** Browsers and desktops keep these for themselves: a page never hears them, or should not take them. */
const reserved: readonly Keys[] = [
  "Mod-n",
  "Mod-t",
  "Mod-w",
  "Mod-q",
  "Mod-Shift-n",
  "Mod-Shift-t",
  "Mod-Shift-w",
  "Mod-l",
  "Mod-h",
  "Mod-Tab",
  "F5",
  "F11",
];

/** The keys as they are pressed on this machine: Mod is Ctrl, on a Mac Cmd (Meta). */
export function pressed(keys: Keys, isMac: boolean): Keys {
  return keys.replaceAll("Mod-", isMac ? "Meta-" : "Ctrl-");
}

/** Whether keys, as they are pressed, hold one that a page cannot have for itself. */
export function isReserved(keys: Keys, isMac: boolean): boolean {
  const kept = reserved.map((one) => pressed(one, isMac));
  return pressed(keys, isMac)
    .split(" ")
    .some((key) => kept.includes(key));
}

/** Keys that every text needs. */
const ofTexts: readonly Keys[] = ["Mod-c", "Mod-x", "Mod-v", "Mod-a"];

/** Why keys cannot be chosen for an action; undefined when they can. */
export function whyNot(keys: Keys, mode: Mode, isMac: boolean): string | undefined {
  if (isReserved(keys, isMac)) return "the browser keeps it for itself";
  if (keys === "Tab" || keys === "Shift-Tab") return "it goes from one thing to the next";
  if (keys === "Escape") return "it leads out of everything";
  if (ofTexts.some((one) => pressed(one, isMac) === pressed(keys, isMac))) {
    return "it copies and pastes in every text";
  }
  const isChord = /^((Ctrl|Meta|Alt)-|F\d)|^Shift-Enter$/.test(keys);
  return mode === "edit" && !isChord
    ? "while writing, a key needs Ctrl, Alt or the like with it"
    : undefined;
}

/** The name of the key that is pressed with its modifiers; undefined for a modifier alone. */
export function keyOf(
  event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): Keys | undefined {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (["Control", "Meta", "Alt", "Shift", "AltGraph", "Dead", "Unidentified"].includes(key)) {
    return undefined;
  }
  const isLetter = /^\p{Letter}$/u.test(key);
  const isChord = ctrlKey || metaKey || altKey;
  const modifiers = [
    ctrlKey && "Ctrl",
    metaKey && "Meta",
    altKey && "Alt",
    // What Shift makes of a sign is in its name already: "?" is Shift and another key on every keyboard.
    shiftKey && (isLetter || key.length > 1 || isChord) && "Shift",
  ].filter(Boolean);
  return [...modifiers, nameOf(key, code, isLetter, isChord)].join("-");
}

function nameOf(key: string, code: string, isLetter: boolean, isChord: boolean): string {
  if (isLetter) {
    // On a keyboard of another script the letter is the one printed beside it.
    const latin = /^[a-z]$/i.test(key) ? key : code.replace(/^Key/, "");
    return latin.toLowerCase();
  }
  if (key === " ") return "Space";
  if (isChord && (code === "Minus" || key === "_")) return "Minus";
  return key;
}

/** How a key is written for a person: "Ctrl+Shift+Enter", "D, D". */
export function keysText(keys: Keys, isMac: boolean): string {
  const names: Readonly<Record<string, string>> = {
    Ctrl: isMac ? "⌃" : "Ctrl",
    Meta: isMac ? "⌘" : "Meta",
    Alt: isMac ? "⌥" : "Alt",
    Shift: isMac ? "⇧" : "Shift",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Minus: "−",
    Escape: "Esc",
  };
  const one = (key: string) =>
    key
      .split("-")
      .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
      .join(isMac ? "" : "+");
  return pressed(keys, isMac).split(" ").map(one).join(", ");
}

/** Whether shortcuts are made with Cmd on this machine. */
export function isMacHere(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
}
