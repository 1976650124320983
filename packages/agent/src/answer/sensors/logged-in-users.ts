import { storableText } from '@tocsin/model'
import type { Row } from '@tocsin/questions'
import { linesOf } from '../../scan/state/lines.ts'
import { type Answerer, type Tools, Unanswerable } from '../answerer.ts'

/** One record of utmp on 64 bits; one of type 7 is a session of a user. */
const record = { size: 384, line: 8, user: 44, host: 76, seconds: 340, isUser: 7 } as const
const utmp = '/run/utmp'
const sessions = '/run/systemd/sessions'

/** From utmp, or from logind where there is no utmp any more. */
export const loggedInUsers: Answerer = {
  sensor: 'Logged In Users',
  async *rows(_, tools) {
    const file = await tools.tree.read(utmp).catch(() => undefined)
    if (file !== undefined) {
      if (!file.isWhole) tools.missed(`${utmp} is too large`)
      yield* recordsIn(file.bytes)
      return
    }
    const list = await tools.tree.list(sessions).catch(() => undefined)
    if (list === undefined) throw new Unanswerable('neither utmp nor logind keeps sessions here')
    for (const { name } of list.entries) {
      const row = await sessionRow(`${sessions}/${name}`, tools)
      if (row !== undefined) yield row
    }
  },
}

function* recordsIn(bytes: Buffer): Iterable<Row> {
  for (let at = 0; at + record.size <= bytes.length; at += record.size) {
    if (bytes.readInt16LE(at) !== record.isUser) continue
    const user = textAt(bytes, at + record.user, 32)
    const seconds = bytes.readInt32LE(at + record.seconds)
    if (user !== '')
      yield [user, textAt(bytes, at + record.line, 32), textAt(bytes, at + record.host, 256), seconds * 1e6]
  }
}

/** A text that ends at a NUL or with its room. */
function textAt(bytes: Buffer, at: number, length: number): string {
  const [text = ''] = bytes.toString('utf8', at, at + length).split('\0', 1)
  return storableText(text)
}

async function sessionRow(path: string, { tree }: Tools): Promise<Row | undefined> {
  const file = await tree.read(path).catch(() => undefined)
  if (file === undefined) return undefined
  const lines = linesOf(storableText(file.bytes.toString('utf8')))
  const values = new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const user = values.get('USER')
  if (user === undefined || values.get('CLASS') !== 'user') return undefined
  const since = Number(values.get('REALTIME'))
  const text = (name: string) => values.get(name) ?? ''
  return [user, text('TTY'), text('REMOTE_HOST'), Number.isSafeInteger(since) ? since : null]
}
