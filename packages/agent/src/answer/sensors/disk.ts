import { statfs } from 'node:fs/promises'
import type { Row } from '@tocsin/questions'
import { foreignMounts } from '../../scan/mounts.ts'
import { mounts } from '../../scan/state/mount-points.ts'
import type { Answerer } from '../answerer.ts'
import { cellOf } from '../cells.ts'

/** These have room of their own though no device stands behind them. */
const withoutDevice: readonly string[] = ['overlay', 'zfs', 'btrfs', 'bcachefs']

export const disk: Answerer = {
  sensor: 'Disk',
  async *rows(_, { reading, missed }) {
    const foreign = await foreignMounts()
    const seen = new Set<string>()
    for await (const mount of reading.objects(mounts)) {
      const [point, device, type] = ['path', 'device', 'type'].map((name) =>
        cellOf(mount.read(`mount.${name}`)),
      )
      if (typeof point !== 'string' || typeof type !== 'string' || foreign.points.has(point)) continue
      const isLocal = typeof device === 'string' && device.startsWith('/')
      const key = isLocal ? device : point
      if ((!isLocal && !withoutDevice.includes(type)) || seen.has(key)) continue
      seen.add(key)
      const room = await roomOf(point)
      if (room === undefined) missed('a file system does not tell its room')
      else yield [point, device ?? null, type, ...room]
    }
  },
}

async function roomOf(point: string): Promise<Row | undefined> {
  const status = await statfs(point).catch(() => undefined)
  if (status === undefined || status.blocks === 0) return undefined
  const [size, free] = [status.blocks * status.bsize, status.bavail * status.bsize]
  return [size, free, Math.round((1_000 * (status.blocks - status.bfree)) / status.blocks) / 10]
}
