// What an option is: its flag, its environment variable, its key in phx.toml, and how its text becomes a value.
import { PhxError } from "@phxlang/autodiff";

/** Where a value came from, strongest first. */
export type Origin = "flag" | "environment" | "phx.toml" | "default";

/**
 * One option, declared once for all commands that have it. All its sources give texts: the flag what stands after
 * it (a bare flag gives "true"), the environment variable its content, phx.toml its values written out.
 */
export interface OptionDeclaration<T> {
  /** As commander reads it: `-t, --times <times>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once; then all sources add up, and where they disagree the stronger one wins. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
  /** What the environment variable and the key in phx.toml are called; absent: only the flag exists. */
  readonly setting?: string;
  /** Reads the texts, weakest first. Throws PHX993 where a text is not understood. */
  read(texts: readonly string[]): T;
  /** The value where nobody gives one. */
  readonly absent: T;
}

/** `--max-states <count>` → `max-states`. */
export function optionName(declaration: OptionDeclaration<unknown>): string {
  const match = /--(?:no-)?([a-z-]+)/.exec(declaration.flags);
  return match === null ? declaration.flags : match[1];
}

/** `max-states` → `PHX_MAX_STATES`. */
export function environmentName(setting: string): string {
  return `PHX_${setting.toUpperCase().replaceAll("-", "_")}`;
}

/** An option that is there or not. Its environment variable takes 1, true, yes, on and their opposites. */
export function flag(flags: string, description: string, setting?: string): OptionDeclaration<boolean> {
  return {
    flags,
    description,
    ...(setting === undefined ? {} : { setting }),
    read: readSwitch,
    absent: false,
  };
}

function readSwitch(texts: readonly string[]): boolean {
  const text = texts[texts.length - 1].trim().toLowerCase();
  if (["true", "1", "yes", "on"].includes(text)) return true;
  if (["false", "0", "no", "off", ""].includes(text)) return false;
  throw unreadable(`"${text}" is neither yes nor no`, "write true or false");
}

export function unreadable(what: string, fix: string): PhxError {
  return new PhxError({ code: "PHX993", what, fix });
}

/** The last of several texts: where an option is given twice, the later one counts. */
export function last(texts: readonly string[]): string {
  return texts[texts.length - 1];
}
