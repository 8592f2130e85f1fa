// Flags of WebGPU, as numbers of its specification: Node has no globals for them.

export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
export const computeStage = 4;
export const mapForReading = 1;
