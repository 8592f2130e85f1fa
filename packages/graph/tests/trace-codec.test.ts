// The bytes of traces: round trip, and refusal of everything else without large allocation.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { islandBlocks, queue, recombination } from "../../../bench/graph/models.mjs";
import { decodeTrace, explore, recordTrace } from "../src/index.ts";
import { checksum, checksumWord, firstCountWord, headerWords } from "../src/trace-layout.ts";

const trace = recordTrace(explore(islandBlocks(5)));
const bytes = trace.toBytes();

function codeOf(input: Uint8Array): string | undefined {
  try {
    decodeTrace(input);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

/** Bytes with some words changed, and a checksum that fits again. */
function forged(change: (words: Int32Array) => void): Uint8Array {
  const words = new Int32Array(bytes.slice().buffer);
  change(words);
  words.set(checksum(words, firstCountWord), checksumWord);
  return new Uint8Array(words.buffer);
}

test.each([
  ["islands", islandBlocks(5)],
  ["queue", queue(30)],
  ["recombination", recombination(6)],
])("%s: decoding gives back the trace, and its bytes and hash", (_, callback) => {
  const original = recordTrace(explore(callback));
  const decoded = decodeTrace(original.toBytes());
  expect(decoded).toEqual(original);
  expect(decoded.toBytes()).toEqual(original.toBytes());
  expect(decoded.contentHash).toBe(original.contentHash);
  expect(decoded.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

test("every flipped byte is refused", () => {
  const input = bytes.slice();
  for (let i = 0; i < input.length; i++) {
    input[i] ^= 1 + (i % 255);
    expect(["PHX952", "PHX953"], `byte ${i}`).toContain(codeOf(input));
    input[i] = bytes[i];
  }
  expect(codeOf(input)).toBeUndefined();
});

test("every truncation, extension and random input is refused", () => {
  for (let length = 0; length < bytes.length; length += 7)
    expect(codeOf(bytes.subarray(0, length))).toBe("PHX952");
  const longer = new Uint8Array(bytes.length + 4);
  longer.set(bytes);
  expect(codeOf(longer)).toBe("PHX952");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
      expect(codeOf(input)).toBe("PHX952");
    }),
  );
});

test("bytes that are not aligned in their buffer decode alike", () => {
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes, 1);
  expect(decodeTrace(padded.subarray(1))).toEqual(trace);
});

test("counts that ask for more than there is are refused before anything is allocated", () => {
  for (let word = firstCountWord; word < headerWords; word++) {
    for (const count of [0x7fffffff, -1, 1 << 30]) {
      const input = forged((words) => {
        words[word] = count;
      });
      // Edges, causes and the epoch may be any number until the trace is held against a graph.
      const isFree = count > 0 && [14, 15, 17].includes(word);
      expect(codeOf(input), `word ${word}`).toBe(isFree ? undefined : "PHX954");
    }
  }
});

test("no word of a forged trace makes a replay leave its bounds", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: firstCountWord, max: bytes.length / 4 - 1 }),
      fc.oneof(fc.integer({ min: -3, max: 200 }), fc.integer()),
      (word, value) => {
        const input = forged((words) => {
          words[word] = value;
        });
        const code = codeOf(input);
        if (code !== undefined) {
          expect(code).toBe("PHX954");
          return;
        }
        const decoded = decodeTrace(input);
        for (const column of [...decoded.columns, ...decoded.lowerColumns, ...decoded.upperColumns]) {
          expect(column >= 0 && column < decoded.rowCount).toBe(true);
        }
        for (const edge of decoded.slotEdges) expect(edge >= 0 && edge < decoded.edgeCount).toBe(true);
        for (const row of decoded.rowOfState) {
          expect(row >= -decoded.causeCount && row < decoded.rowCount).toBe(true);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("another version is named", () => {
  const input = bytes.slice();
  input[8] = 99;
  expect(() => decodeTrace(input)).toThrow(/PHX953: the trace has format 99/);
});
