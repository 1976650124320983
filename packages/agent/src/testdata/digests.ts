import { createHash } from 'node:crypto'

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
