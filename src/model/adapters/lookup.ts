import {
  type Given,
  type Residual,
  recorded,
  type SettingName,
  type Settings,
} from "./settings.ts";

/** Where a setting's value came from, the strongest first. */
export type SettingOrigin = "settings" | "adapter" | "checkpoint";

/** A setting that was asked for and found. */
export interface FoundSetting {
  readonly setting: SettingName;
  readonly value: number | string | boolean;
  readonly from: SettingOrigin;
}

/** Answers what settings are while it notes which were asked for. */
export class Lookup {
  readonly found: Map<SettingName, FoundSetting> = new Map();
  /** Asked for, and given by nobody. */
  readonly lacking: Set<SettingName> = new Set();
  /** Sentences on what was given and cannot be. */
  readonly refused: Set<string> = new Set();
  private readonly passed: Settings;
  private readonly own: Settings;
  private readonly metadata: Readonly<Record<string, string>>;

  constructor(
    passed: Settings,
    own: Settings | undefined,
    metadata: Readonly<Record<string, string>> | undefined,
  ) {
    this.passed = passed;
    this.own = own ?? {};
    this.metadata = metadata ?? {};
  }

  /** What a description gives: the value itself, or that of the setting it names; else of `name`. */
  given<Name extends SettingName>(
    given: Given<Name> | undefined,
    name: Name,
  ): NonNullable<Settings[Name]> | undefined {
    if (given === undefined) return this.ask(name);
    return typeof given === "object" ? this.ask(given.setting) : given;
  }

  /** The number that a residual is beside a gain. */
  residual(
    given: Given<"residual" | "mlpResidual"> | undefined,
    beside: number,
  ): number | undefined {
    const residual: Residual | undefined = this.given(given, "residual");
    if (residual === "additive") return 1;
    if (residual === "interpolation") return 1 - beside;
    return residual === "none" ? 0 : residual;
  }

  ask<Name extends SettingName>(name: Name): NonNullable<Settings[Name]> | undefined {
    const known = this.found.get(name);
    if (known !== undefined) return known.value as NonNullable<Settings[Name]>;
    const found = this.passed[name] ?? this.own[name];
    if (found !== undefined) {
      const from = this.passed[name] === undefined ? "adapter" : "settings";
      this.found.set(name, { setting: name, value: found, from });
      return found as NonNullable<Settings[Name]>;
    }
    const said = [...recorded(name, this.metadata)];
    if (said.length === 1) {
      const value = said[0]![0] as NonNullable<Settings[Name]>;
      this.found.set(name, { setting: name, value, from: "checkpoint" });
      return value;
    }
    if (said.length === 0) this.lacking.add(name);
    else {
      const each = said.map(([value, keys]) => `${value} (${keys.join(", ")})`);
      this.refused.add(
        `${name}: expected one value, found ${each.join(" and ")} in the checkpoint`,
      );
    }
    return undefined;
  }

  /** Settings of the call that nobody asked for. */
  unasked(): SettingName[] {
    return (Object.keys(this.passed) as SettingName[]).filter(
      (name) => this.passed[name] !== undefined && !this.found.has(name),
    );
  }
}
