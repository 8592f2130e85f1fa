// Palettes: the colours of small pictures, as fixed colours or as those of the page around them.

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  /** One for each chain or group; more of them begin anew. */
  readonly series: readonly string[];
  readonly accent: string;
  readonly alarm: string;
}

/** On white, for files of their own. */
export const paper: Palette = {
  ink: "#1f2933",
  muted: "#66717d",
  faint: "#d5dbe1",
  series: ["#0b62a4", "#d1495b", "#2e8b57", "#8e5ea2", "#c07f00", "#4a4a4a"],
  accent: "#0b62a4",
  alarm: "#d1495b",
};

/** The variables of a page, which change with its light. */
export const page: Palette = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  faint: "var(--faint)",
  series: [1, 2, 3, 4, 5, 6].map((k) => `var(--series-${k})`),
  accent: "var(--series-1)",
  alarm: "var(--alarm)",
};

export function seriesColour(palette: Palette, index: number): string {
  return palette.series[index % palette.series.length];
}
