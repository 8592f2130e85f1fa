// Weights and colours of text on a terminal; plain text elsewhere.

export type StyleName = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export type Style = (name: StyleName, text: string) => string;

export const plain: Style = (_name, text) => text;
