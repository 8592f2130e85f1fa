// Figure: what a picture shows, as plain data; figures are drawn by draw.ts.

export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Steps go right, then up or down; values of whole numbers are dots on stems. */
  readonly shape: "line" | "steps" | "stems";
  /** Curves of one group share a colour; default: each name is a group of its own. */
  readonly group?: string;
}

/** Bars over [edges[i], edges[i + 1]) of height heights[i]. */
export interface Histogram {
  readonly name: string;
  readonly edges: ArrayLike<number>;
  readonly heights: ArrayLike<number>;
}

/** Small strokes at single points: censored observations on a step curve. */
export interface Ticks {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly group?: string;
}

export interface Figure {
  readonly title: string;
  readonly subtitle?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  readonly histogram?: Histogram;
  readonly ticks?: readonly Ticks[];
  /** The values are logarithms: the axis need not hold 0. */
  readonly logarithmic?: boolean;
}
