// A sequential source of random numbers for samplers that branch on what they draw.

/** Draws in order; two streams from the same key give the same draws on every machine. */
export interface RandomStream {
  /** In (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}
