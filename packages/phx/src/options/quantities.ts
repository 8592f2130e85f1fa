// Sizes and ages as people write them: 500MB, 90d.
import { last, unreadable } from "./declaration.ts";
import { readNumber } from "./numbers.ts";

const bytesOf: Readonly<Record<string, number>> = { "": 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const day = 86_400_000;
const millisecondsOf: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: day,
  w: 7 * day,
};

function readQuantity(text: string, units: Readonly<Record<string, number>>, fix: string): number {
  const match = /^\s*([\d.]+(?:e\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  const unit =
    match === null
      ? undefined
      : Object.keys(units).find((name) => name.toLowerCase() === match[2].toLowerCase());
  if (match === null || unit === undefined) throw unreadable(`"${text}" is not understood`, fix);
  return readNumber(match[1]) * units[unit];
}

/** Bytes. */
export function readSize(texts: readonly string[]): number {
  return readQuantity(last(texts), bytesOf, "write a number and B, KB, MB, GB or TB, such as 500MB");
}

/** Milliseconds. */
export function readAge(texts: readonly string[]): number {
  return readQuantity(last(texts), millisecondsOf, "write a number and s, min, h, d or w, such as 90d");
}

/** `1.2 MB` */
export function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit + 1 < units.length) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** `3 d` since a moment, both in milliseconds since 1970. */
export function readableAge(since: number, now: number): string {
  const age = Math.max(0, now - since);
  for (const [unit, length] of Object.entries(millisecondsOf).reverse()) {
    if (age >= length && unit !== "w") return `${Math.floor(age / length)} ${unit}`;
  }
  return "now";
}
