// The public face of @phxlang/gpu.
export {};
