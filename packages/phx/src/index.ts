// The public face of phxlang.
export {};
