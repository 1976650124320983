import { createHash } from 'node:crypto'
import { absentField, known } from '@tocsin/model'
import { type Account, homesOf } from './accounts.ts'
import { textField, textsField } from './fields.ts'
import { linesOf, trimmed } from './lines.ts'
import type { Look } from './look.ts'
import type { Persistent } from './persistent.ts'
import { byteString, textOf } from './tree.ts'

// Limit: keys are read from ~/.ssh/authorized_keys and authorized_keys2, not from where sshd_config may send sshd.
/** Keys that let somebody in as a user. */
export async function sshKeys(look: Look): Promise<readonly Persistent[]> {
  const keys: Persistent[] = []
  for (const account of await homesOf(look)) {
    for (const name of ['authorized_keys', 'authorized_keys2']) {
      const path = `${byteString(account.home)}/.ssh/${name}`
      for (const line of linesOf(await look.text(path), /^#/)) {
        const key = keyIn(line)
        if (key !== undefined) keys.push(entryOf(key, textOf(path), account))
      }
    }
  }
  return keys
}

interface Key {
  readonly fingerprint: string
  readonly comment: string
  /** What is run in place of a shell. */
  readonly command: string | undefined
}

const keyType = /^(?:sk-)?(?:ssh|ecdsa)-[\w.@-]+$/

// line := [options blank] type blank base64 [blank comment]
function keyIn(line: string): Key | undefined {
  const [first, afterFirst] = firstWord(line)
  const hasOptions = !keyType.test(first)
  const [type, rest] = hasOptions ? firstWord(afterFirst) : [first, afterFirst]
  const [base64, comment] = firstWord(rest)
  if (!keyType.test(type) || !/^[A-Za-z0-9+/=]+$/.test(base64)) return undefined
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
  const command = hasOptions ? /(?:^|,)command="((?:[^"\\]|\\.)*)"/.exec(first)?.[1] : undefined
  return { fingerprint: `SHA256:${digest.replace(/=+$/, '')}`, comment, command }
}

/** Up to the first blank that stands in no quotes, and what follows. */
function firstWord(text: string): readonly [word: string, rest: string] {
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]
    if (letter === '\\') at += 1
    else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === ' ' || letter === '\t'))
      return [text.slice(0, at), trimmed(text.slice(at))]
  }
  return [text, '']
}

function entryOf({ fingerprint, comment, command }: Key, file: string, { name }: Account): Persistent {
  return {
    kind: 'ssh key',
    key: `${file}#${fingerprint}`,
    name: textsField(comment === '' ? [fingerprint] : [comment, fingerprint]),
    file: known(file),
    path: absentField,
    commandLine: textField(command),
    user: known(name),
  }
}
