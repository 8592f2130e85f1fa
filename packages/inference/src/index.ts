// The public face of @phxlang/inference.
export {};
