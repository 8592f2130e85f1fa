// What a sweep may cost.

/**
 * Bytes of the vectors of one sweep, and of all sweeps that are kept for their derivatives. Beyond it one vector in √K is
 * kept, and the others are computed again on the way back.
 */
export const largestTapeBytes: number = 2 ** 28;
/** Multiply-adds beyond which a sweep is refused. */
export const largestWork: number = 1e11;
/** Multiply-adds that the search for a limiting distribution may take: a refusal must not keep its reader waiting. */
export const largestSearch: number = largestWork / 32;
