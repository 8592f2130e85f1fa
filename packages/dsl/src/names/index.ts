// Names of the names folder that other folders use.
export { closest, didYouMean } from "./closest.ts";
