// Precision: how doubles are kept on a device that has none.

/**
 * How numbers are kept on a device that has no doubles: "f32", about 7 digits, or "f64x", pairs of floats with about 14.
 * There is no default: asking for doubles without choosing is an error.
 */
export type Precision = "f32" | "f64x";
