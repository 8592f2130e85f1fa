// Arrays: construction from what users write, printing like NumPy, conversion back.
import { expect, test } from "vitest";
import "../src/numpy/install.ts";
import { array, asValue } from "../src/as-value.ts";
import { NdArray } from "../src/ndarray.ts";

test.each([
  [[1, 2, 3], "[1. 2. 3.]"],
  [[0.1, 0.25, 10], "[ 0.1   0.25 10.  ]"],
  [
    [
      [1, 0.5],
      [-2, 0.25],
    ],
    "[[ 1.    0.5 ]\n [-2.    0.25]]",
  ],
  [[1e-10, 1], "[1.e-10 1.e+00]"],
  [[1.5e300, 2], "[1.5e+300 2.0e+000]"],
  [[NaN, 1, Infinity], "[nan  1. inf]"],
  [3, "3.0"],
  [[], "[]"],
  [
    [
      [[1], [2]],
      [[3], [4]],
    ],
    "[[[1.]\n  [2.]]\n\n [[3.]\n  [4.]]]",
  ],
])("array(%j) prints like NumPy", (nested, text) => {
  expect(String(array(nested))).toBe(text);
});

test("integers, booleans and long arrays print like NumPy", () => {
  expect(String(array([1, 20, 300], "i32"))).toBe("[  1  20 300]");
  expect(String(array([true, false]))).toBe("[ True False]");
  expect(String(array(Float64Array.from({ length: 2000 }, (_, i) => i)))).toBe(
    "[   0.    1.    2. ... 1997. 1998. 1999.]",
  );
});

test("js(), item() and data() give the elements back", async () => {
  const x = array([
    [1, 2],
    [3, 4],
  ]);
  expect(x.js()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(array([true, false]).js()).toEqual([true, false]);
  expect(await x.data()).toEqual(Float64Array.of(1, 2, 3, 4));
  expect(array([[7]]).item()).toBe(7);
  expect(() => x.item()).toThrow("PHX923");
});

test("numbers are weak, arrays are not", () => {
  expect(asValue(2).type).toMatchObject({ dtype: "f64", weak: true, shape: [] });
  expect(asValue([2]).type).toMatchObject({ dtype: "f64", weak: false, shape: [1] });
  expect(asValue(Int32Array.of(1)).type).toMatchObject({ dtype: "i32", weak: false });
});

test("what is no array is refused by name", () => {
  expect(() => array([[1, 2], [3]])).toThrow("PHX925: nested arrays are ragged");
  expect(() => asValue("foo" as unknown as number)).toThrow('"foo"');
  expect(() => new NdArray(Float64Array.of(1, 2), [3], "f64")).toThrow("PHX920");
});

test("deep comparison looks at the elements", () => {
  expect(array([1, 2])).toEqual(array([1, 2]));
  expect(array([1, 2])).not.toEqual(array([1, 3]));
  expect(array(1)).not.toEqual(array(2));
  expect(array(1)).not.toEqual(array(1, "f32"));
});
