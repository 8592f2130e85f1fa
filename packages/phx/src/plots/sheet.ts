// Sheet: several panels side by side on white, under one title, as one SVG.
import type { Palette } from "./palette.ts";
import { seriesColour } from "./palette.ts";
import { escapeText } from "./panel.ts";
import type { Panel } from "./panel.ts";

const edge = 20;
const gap = 18;
/** Room for the caption of a panel. */
const caption = 38;
const widest = 1120;

/** `groups` are the names of the colours, for a legend; empty where there is nothing to tell apart. */
export function joinPanels(
  title: string,
  panels: readonly Panel[],
  groups: readonly string[],
  palette: Palette,
): string {
  const panelWidth = Math.max(...panels.map(({ width }) => width));
  const columns = Math.max(1, Math.min(panels.length, Math.floor((widest + gap) / (panelWidth + gap))));
  const rowHeight = Math.max(...panels.map(({ height }) => height)) + caption + gap;
  const rows = Math.ceil(panels.length / columns);
  const top = groups.length > 0 ? 78 : 54;
  const width = 2 * edge + columns * (panelWidth + gap) - gap;
  const height = top + rows * rowHeight;
  const parts = panels.map(({ title: name, note, svg }, i) => {
    const x = edge + (i % columns) * (panelWidth + gap);
    const y = top + Math.floor(i / columns) * rowHeight;
    const detail =
      note === undefined
        ? ""
        : `<text x="${x}" y="${y + 27}" font-size="11" fill="${palette.muted}">${escapeText(note)}</text>`;
    return (
      `<text x="${x}" y="${y + 12}" font-size="13" font-weight="600">${escapeText(name)}</text>${detail}\n` +
      `<svg x="${x}" y="${y + caption}"${svg.slice("<svg".length)}`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif" fill="${palette.ink}" role="img" aria-label="${escapeText(title)}">\n` +
    `<rect width="100%" height="100%" fill="white"/>\n` +
    `<text x="${edge}" y="32" font-size="18" font-weight="600">${escapeText(title)}</text>\n` +
    `${legend(groups, palette)}${parts.join("\n")}\n</svg>\n`
  );
}

function legend(groups: readonly string[], palette: Palette): string {
  let x = edge;
  return groups
    .map((name, g) => {
      const part =
        `<path d="M${x},52h18" stroke="${seriesColour(palette, g)}" stroke-width="3"/>` +
        `<text x="${x + 24}" y="56" font-size="12">${escapeText(name)}</text>\n`;
      x += 46 + 7 * name.length;
      return part;
    })
    .join("");
}
