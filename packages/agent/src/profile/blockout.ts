import type { Blockout } from '@tocsin/model'

/** Whether a time, by the endpoint's clock, is in one of the blockouts. One that ends before it begins ends the next day. */
export function isBlockedOut(blockouts: readonly Blockout[], time: Date): boolean {
  const minute = time.getHours() * 60 + time.getMinutes()
  const today = time.getDay()
  const yesterday = (today + 6) % 7
  return blockouts.some(({ days, from, to }) => {
    const [start, end] = [minutesOf(from), minutesOf(to)]
    if (start < end) return days.includes(today) && minute >= start && minute < end
    return (days.includes(today) && minute >= start) || (days.includes(yesterday) && minute < end)
  })
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
