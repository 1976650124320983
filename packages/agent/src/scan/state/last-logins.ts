import { absentField, type Field, unknownField } from '@tocsin/model'
import type { Account } from './accounts.ts'
import { timeField } from './fields.ts'
import type { Look } from './look.ts'
import { readRows } from './read-rows.ts'

/** One record of lastlog: seconds, then the names of a line and of a host. */
const recordSize = 4 + 32 + 256
/** The file is sparse and as long as the highest uid asks for; accounts beyond this are told as unknown. */
const largest = 32 << 20

/** When each account last logged in, by lastlog2's database or by lastlog. */
export async function lastLogins(look: Look): Promise<(account: Account) => Field> {
  const rows = await readRows(look.tree, '/var/lib/lastlog/lastlog2.db', {
    name: 'Lastlog2',
    columns: ['Name', 'Time'],
    item: ({ Name, Time }) => [String(Name), Number(Time)] as const,
  })
  if (rows.kind === 'rows') {
    const times = new Map(rows.items)
    const missing = rows.isWhole ? absentField : unknownField
    return ({ name }) => (times.has(name) ? fieldOf(times.get(name) ?? 0) : missing)
  }
  const file = await look.optional('/var/log/lastlog', largest)
  if (typeof file === 'string') {
    look.unknown('user.last_login', `/var/log/lastlog is ${file}`)
    return () => unknownField
  }
  return ({ uid }) => {
    const at = uid * recordSize
    if (at + recordSize <= file.bytes.length) return fieldOf(file.bytes.readUInt32LE(at))
    return file.isWhole ? absentField : unknownField
  }
}

function fieldOf(seconds: number): Field {
  return seconds > 0 ? timeField(seconds) : absentField
}
