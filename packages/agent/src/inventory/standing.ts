import type { FileStore } from './file-store.ts'
import type { Keeper } from './keeper.ts'
import type { InventoryAnswer, InventoryQuestion } from './messages.ts'

/** Whether an answer misses nothing, and as of when. */
export function standingOf(
  { kind }: InventoryQuestion,
  store: FileStore,
  keeper: Keeper,
): Pick<InventoryAnswer, 'complete' | 'asOf' | 'why'> {
  const asOf = keeper.asOf()
  const why: string[] = []
  if (asOf === 0) why.push('the first walk has not come to its end')
  if (keeper.unseen > 0) why.push(`the last walk could not look into ${counted(keeper.unseen, 'place')}`)
  if (store.isFull) why.push('it is full')
  if (kind === 'hash') why.push(...unhashed(store))
  return { complete: why.length === 0, asOf, why }
}

function unhashed(store: FileStore): readonly string[] {
  const waiting = store.countUnhashed()
  const flaws = [...store.flaws()].map(([flaw, count]) => `${counted(count, 'file')}: ${flaw}`)
  return waiting === 0 ? flaws : [`${counted(waiting, 'file')} not hashed yet`, ...flaws]
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
