import type { GraphCallback } from "@phxlang/graph";

export function rabbits(n: number): GraphCallback;
export function blockCounting(n: number): GraphCallback;
export function islandCounts(n: number): GraphCallback;
export function islandBlocks(n: number): GraphCallback;
export function queue(n: number): GraphCallback;
export function sirs(n: number): GraphCallback;
export function sir(n: number): GraphCallback;
export function recombination(n: number): GraphCallback;
export function grid(k: number): GraphCallback;
export function tandem(k: number): GraphCallback;
export function randomDigraph(n: number, degree: number): GraphCallback;
