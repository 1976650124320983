import { users } from '../../scan/state/users.ts'
import { type Answerer, Unanswerable } from '../answerer.ts'
import { cellOf } from '../cells.ts'

export const lastLoggedInUser: Answerer = {
  sensor: 'Last Logged In User',
  async *rows(_, { reading }) {
    let last: { readonly name: string; readonly at: number } | undefined
    let isKnown = false
    for await (const user of reading.objects(users)) {
      const at = cellOf(user.read('user.last_login'))
      const name = cellOf(user.read('user.name'))
      isKnown ||= at === null || typeof at === 'number'
      if (typeof at !== 'number' || typeof name !== 'string' || at <= (last?.at ?? 0)) continue
      last = { name, at }
    }
    if (!isKnown) throw new Unanswerable('this machine keeps no list of last logins')
    if (last !== undefined) yield [last.name]
  },
}
