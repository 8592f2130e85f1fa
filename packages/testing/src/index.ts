// The public face of @phxlang/testing.
export {};
