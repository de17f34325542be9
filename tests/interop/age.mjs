// The independent age implementation as a command: stdin → stdout.
//   node age.mjs seal RECIPIENT…    node age.mjs open IDENTITY    node age.mjs recipient IDENTITY
import * as age from "age-encryption"

const [verb, ...keys] = process.argv.slice(2)
const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const input = new Uint8Array(Buffer.concat(chunks))

if (verb === "seal") {
  const encrypter = new age.Encrypter()
  for (const key of keys) encrypter.addRecipient(key)
  process.stdout.write(await encrypter.encrypt(input))
} else if (verb === "open") {
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(keys[0])
  process.stdout.write(await decrypter.decrypt(input))
} else if (verb === "recipient") {
  process.stdout.write(await age.identityToRecipient(keys[0]))
} else {
  process.exitCode = 2
}
