// Property tests draw the same samples in every run; PHX_TEST_SEED=random, or a number, draws others.
import { configureGlobal, readConfigureGlobal } from "fast-check";

const wanted = process.env["PHX_TEST_SEED"] ?? "1";
if (wanted !== "random") configureGlobal({ ...readConfigureGlobal(), seed: Number(wanted) });
