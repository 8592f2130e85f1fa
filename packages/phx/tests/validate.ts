// Documents against the published schemas.
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const folder = new URL("../schemas/", import.meta.url);
const ajv = new Ajv2020({ allErrors: true });
for (const file of readdirSync(folder)) {
  const schema: object = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  ajv.addSchema(schema, file);
}

/** What is wrong with a document of this schema; empty where nothing is. */
export function violations(schema: string, text: string): string {
  const isValid = ajv.validate(`${schema}.json`, JSON.parse(text));
  return isValid ? "" : ajv.errorsText(ajv.errors, { separator: "\n" });
}
