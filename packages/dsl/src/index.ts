// The public face of @phxlang/dsl.
export {};
