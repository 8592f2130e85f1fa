// Installs the exact dependencies of the lock file, once; later calls return in milliseconds.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifests = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"];
for (const name of readdirSync(join(root, "packages"))) {
  const manifest = join("packages", name, "package.json");
  if (existsSync(join(root, manifest))) manifests.push(manifest);
}
for (const name of ["examples", "bench"]) {
  const manifest = join(name, "package.json");
  if (existsSync(join(root, manifest))) manifests.push(manifest);
}
const hash = createHash("sha256");
for (const manifest of manifests) hash.update(manifest).update(readFileSync(join(root, manifest)));
const wanted = `${process.version} ${hash.digest("hex")}\n`;

const stamp = join(root, "node_modules", ".phx-setup");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.error("installing dependencies …");
  const install = spawnSync(
    "npx",
    ["--yes", "pnpm@10.34.8", "install", "--frozen-lockfile", "--reporter=append-only"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    },
  );
  if (install.status !== 0) {
    console.error("the installation failed: see the messages above; the npm registry must be reachable once");
    process.exit(install.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
