// phx explain: what an error code means, with an example and a repair.
import { PhxError } from "@phxlang/autodiff";
import type { CodeExplanation } from "@phxlang/autodiff";
import type { CommandDefinition, Invocation } from "../command.ts";
import { allCodes } from "../all-codes.ts";
import { closest } from "@phxlang/dsl";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { present } from "../present.ts";

export const explain: CommandDefinition = {
  name: "explain",
  words: [{ name: "[code]", description: "such as PHX201; without it all codes are listed" }],
  summary: "what an error code means, with an example and a repair",
  options: [],
  examples: [
    { line: "phx explain PHX201", says: "a name that is not defined" },
    { line: "phx explain", says: "all codes" },
  ],
  run: async (invocation) => {
    const [wanted] = invocation.words;
    await (wanted === undefined ? list(invocation) : explainOne(invocation, find(wanted)));
    return 0;
  },
};

async function list(invocation: Invocation): Promise<void> {
  await present(invocation, {
    json: () => allCodes.map(({ code, severity, title }) => ({ code, severity, title })),
    text: (style) =>
      renderTable(
        [
          { title: "code", cells: allCodes.map((entry) => entry.code) },
          { title: "", cells: allCodes.map((entry) => (entry.severity === "warning" ? "warning" : "")) },
          { title: "meaning", cells: allCodes.map((entry) => entry.title) },
        ],
        style,
      ),
  });
}

async function explainOne(invocation: Invocation, entry: CodeExplanation): Promise<void> {
  await present(invocation, {
    json: () => ({ ...entry }),
    text: (style) => page(entry, style),
  });
}

function page(entry: CodeExplanation, style: Style): string {
  const example =
    entry.example === undefined
      ? ""
      : `${style("dim", "Example:")}\n\n${entry.example
          .replace(/\n+$/, "")
          .split("\n")
          .map((line) => `    ${line}\n`)
          .join("")}\n`;
  return (
    `${style("bold", `${entry.code}: ${entry.title}`)}${entry.severity === "warning" ? " (a warning)" : ""}\n\n` +
    `${wrap(entry.explanation)}\n${example}${style("dim", "Repair:")} ${wrap(entry.repair)}`
  );
}

/** Lines of at most 88 columns. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > 88) {
      lines.push(line);
      line = word;
    } else line += line === "" ? word : ` ${word}`;
  }
  return `${[...lines, line].join("\n")}\n`;
}

function find(wanted: string): CodeExplanation {
  const code = /^\d{3}$/.test(wanted) ? `PHX${wanted}` : wanted.toUpperCase();
  const entry = allCodes.find((candidate) => candidate.code === code);
  if (entry !== undefined) return entry;
  const match = closest(
    code,
    allCodes.map((candidate) => candidate.code),
  );
  throw new PhxError({
    code: "PHX999",
    what: `there is no code \`${wanted}\``,
    fix:
      match === null
        ? "`phx explain` lists all codes"
        : `did you mean \`${match}\`? \`phx explain\` lists all codes`,
  });
}
