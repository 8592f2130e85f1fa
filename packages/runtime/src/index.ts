// The public face of @phxlang/runtime.
export {};
