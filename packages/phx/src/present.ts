// How a result leaves a command: as a table for people or as one JSON document for machines.
import type { Invocation } from "./command.ts";
import * as common from "./options/common.ts";
import { renderJson } from "./output/json.ts";
import type { Json } from "./output/json.ts";
import type { Style } from "./output/style.ts";

export interface Presentation {
  /** The document of --json. */
  json(): Json;
  /** Text for people; lines end in newlines. */
  text(style: Style): string;
}

/** On standard output, or into the file of --out where the command has that option. */
export async function present(invocation: Invocation, result: Presentation): Promise<void> {
  const { out } = invocation.host;
  await out.write(invocation.value(common.json) ? renderJson(result.json()) : result.text(out.style));
}

/** `n = 5, rate = 1` under a bold title. */
export function heading(style: Style, title: string, detail: string): string {
  return `${style("bold", title)}${detail === "" ? "" : `  ${style("dim", detail)}`}\n\n`;
}
