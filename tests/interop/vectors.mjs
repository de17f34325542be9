// Prints the age test vectors of the package cctv-age as JSON: {name: base64}.
import * as vectors from "cctv-age"

const all = {}
for (const [name, bytes] of Object.entries(vectors)) {
  if (name !== "default") all[name] = Buffer.from(bytes).toString("base64")
}
process.stdout.write(JSON.stringify(all))
