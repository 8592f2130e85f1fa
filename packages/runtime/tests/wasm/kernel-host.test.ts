// The allocator of a kernel host: stretches never overlap, everything comes back, growth keeps contents.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { KernelHost } from "../../src/wasm/index.ts";

test.prop([
  fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 50_000 }), drop: fc.nat() }), { maxLength: 60 }),
])("live stretches are aligned, apart, and keep what was written", (steps) => {
  const host = new KernelHost(1);
  const live: { address: number; bytes: number; mark: number }[] = [];
  steps.forEach(({ bytes, drop }, step) => {
    const address = host.allocate(bytes);
    expect(address % 64).toBe(0);
    expect(address).toBeGreaterThan(0);
    expect(address + bytes).toBeLessThanOrEqual(host.size);
    for (const other of live) {
      expect(address + bytes <= other.address || other.address + other.bytes <= address).toBe(true);
    }
    const mark = step % 251;
    host.u8.fill(mark, address, address + bytes);
    live.push({ address, bytes, mark });
    if (drop % 3 === 0) {
      const [gone] = live.splice(drop % live.length, 1);
      if (gone !== undefined) host.free(gone.address, gone.bytes);
    }
  });
  for (const { address, bytes, mark } of live) {
    expect(host.u8.subarray(address, address + bytes).every((byte) => byte === mark)).toBe(true);
  }
  for (const { address, bytes } of live) host.free(address, bytes);
  const size = host.size;
  host.allocate(size - 64);
  expect(host.size).toBe(size);
});

test("an arena gives back what it took, and views follow the memory's growth", () => {
  const host = new KernelHost(1);
  const arena = host.arena();
  const address = arena.place(Float64Array.of(1.5, 2.5));
  for (let i = 0; i < 100; i++) {
    const scratch = host.arena();
    scratch.allocate(300_000);
    scratch.release();
  }
  expect(host.size).toBeLessThan(700_000);
  expect([...host.f64.subarray(address / 8, address / 8 + 2)]).toEqual([1.5, 2.5]);
  arena.release();
});

test("more than 4 GiB is an error that says what to do", () => {
  expect(() => new KernelHost(1).allocate(2 ** 33)).toThrow(/PHX971.*4 GiB/s);
});
