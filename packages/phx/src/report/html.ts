// Pieces of a report as HTML.
import { readableNumber } from "../output/numbers.ts";
import { page, seriesColour } from "../plots/palette.ts";
import { escapeText } from "../plots/panel.ts";
import type { Panel } from "../plots/panel.ts";
import { version } from "../version.ts";
import { pageStyle } from "./page-style.ts";
import type { Reproduction } from "./reproduce.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly detail?: string;
}

export interface Report {
  readonly title: string;
  readonly lead: string;
  readonly facts: readonly Fact[];
  /** Said where there are no warnings. */
  readonly verdict: string;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** Complete sections, in their order. */
  readonly sections: readonly string[];
  readonly reproduction: Reproduction;
}

export function renderReport(report: Report): string {
  const { title, lead, facts, verdict, warnings, sections, reproduction } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeText(title)}</h1>
<p class="lead">${escapeText(lead)}</p>
<dl class="facts">
${facts.map(renderFact).join("\n")}
</dl>
</header>
${renderVerdict(verdict, warnings)}
${sections.filter((part) => part !== "").join("\n")}
${section("How to get this again", renderReproduction(reproduction))}
<footer>Made by phx ${escapeText(version)}.</footer>
</body>
</html>
`;
}

function renderFact({ name, value, detail }: Fact): string {
  const small = detail === undefined ? "" : ` <small>${escapeText(detail)}</small>`;
  return `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}${small}</dd></div>`;
}

function renderVerdict(verdict: string, warnings: Report["warnings"]): string {
  if (warnings.length === 0) return `<div class="verdict"><p>${escapeText(verdict)}</p></div>`;
  const items = warnings.map(
    ({ code, message }) => `<li><code>${escapeText(code)}</code> ${withCode(message)}</li>`,
  );
  return `<div class="verdict doubt"><p>Look at this before you believe the numbers:</p><ul>${items.join("")}</ul></div>`;
}

/** Names between backticks are set as code. */
function withCode(message: string): string {
  return escapeText(message).replaceAll(/`([^`]*)`/g, "<code>$1</code>");
}

export function section(title: string, content: string): string {
  return content === "" ? "" : `<section>\n<h2>${escapeText(title)}</h2>\n${content}\n</section>`;
}

export interface TableColumn {
  readonly title: string;
  readonly cells: readonly (string | number)[];
  /** Cells that give reason to doubt. */
  readonly doubtful?: (row: number) => boolean;
}

export function table(columns: readonly TableColumn[]): string {
  const head = columns.map(({ title }) => `<th scope="col">${escapeText(title)}</th>`).join("");
  const rows = columns[0].cells.map((_, row) => {
    const cells = columns.map(({ cells: own, doubtful }) => {
      const cell = own[row];
      const shown = typeof cell === "string" ? cell : Number.isNaN(cell) ? "—" : readableNumber(cell, 4);
      return `<td${doubtful?.(row) === true ? ' class="doubt"' : ""}>${escapeText(shown)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table></div>`;
}

export function note(text: string): string {
  return text === "" ? "" : `<p class="note">${escapeText(text)}</p>`;
}

export function panels(figures: readonly Panel[], kind: "" | "large" | "small" = ""): string {
  if (figures.length === 0) return "";
  const parts = figures.map(({ title, note: detail, svg }) => {
    const small = detail === undefined ? "" : `<small>${escapeText(detail)}</small>`;
    return `<figure>\n<figcaption>${escapeText(title)}${small}</figcaption>\n${svg}\n</figure>`;
  });
  return `<div class="panels${kind === "" ? "" : ` ${kind}`}">\n${parts.join("\n")}\n</div>`;
}

/** Which colour is which. */
export function key(names: readonly string[]): string {
  if (names.length === 0) return "";
  const items = names.map(
    (name, k) => `<li><i style="background:${seriesColour(page, k)}"></i>${escapeText(name)}</li>`,
  );
  return `<ul class="key">${items.join("")}</ul>`;
}

function renderReproduction({ line, settings, sources }: Reproduction): string {
  const files = sources.map(
    ({ name, text }) =>
      `<details><summary>${escapeText(name)}</summary><pre>${escapeText(text)}</pre></details>`,
  );
  return `<pre>${escapeText(line)}</pre>\n${note(settings)}\n${files.join("\n")}`;
}
