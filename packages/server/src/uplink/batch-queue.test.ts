import { expect, test } from 'vitest'
import { BatchQueue } from './batch-queue.ts'

const stateOf = (code: string) => Object.assign(new Error(code), { code })

function queueOf(store: (items: readonly number[]) => void, most = 4) {
  const batches: (readonly number[])[] = []
  const dropped: number[] = []
  const queue = new BatchQueue<number>({
    most,
    onPushed: () => undefined,
    store: async (items) => {
      store(items)
      batches.push(items)
    },
    onDropped: (item) => dropped.push(item),
  })
  return { queue, batches, dropped }
}

test('what comes at the same time is stored together, as far as it fits', async () => {
  const { queue, batches } = queueOf(() => undefined)
  await Promise.all([queue.push([1, 2]), queue.push([3]), queue.push([4, 5, 6]), queue.push([7])])
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5, 6, 7],
  ])
  await queue.idle()
})

test('what the database cannot hold is dropped alone, and the others learn that they are durable', async () => {
  const { queue, batches, dropped } = queueOf((items) => {
    if (items.includes(3)) throw stateOf('22003')
  })
  await Promise.all([queue.push([1]), queue.push([2]), queue.push([3]), queue.push([4])])
  expect(batches.flat().sort()).toEqual([1, 2, 4])
  expect(dropped).toEqual([3])
})

test('a conflict is tried again, twice', async () => {
  let conflicts = 0
  const { queue, batches } = queueOf(() => {
    conflicts += 1
    if (conflicts < 3) throw stateOf('40001')
  })
  await queue.push([1])
  expect(batches).toEqual([[1]])
})

test('a database that is away is the fault of nobody: all who wait hear of it, and the next is tried', async () => {
  let isAway = true
  const { queue, batches, dropped } = queueOf(() => {
    if (isAway) throw stateOf('08006')
  })
  const outcomes = await Promise.allSettled([queue.push([1]), queue.push([2])])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isAway = false
  await queue.push([3])
  expect(batches).toEqual([[3]])
  expect(dropped).toEqual([])
})
