import { request as plain } from 'node:http'
import { request as encrypted } from 'node:https'
import { pause } from '../storage/postgres/index.ts'
import { addressOf, type Settings } from './settings.ts'

const toldAfterMs = 60_000
const longestPauseMs = 2_000

/** Waits for the first 200 of the health page, and says once if that takes long. */
export async function untilHealthy(
  settings: Settings,
  isWanted: () => boolean,
  say: (line: string) => void,
): Promise<void> {
  const url = `${addressOf(settings)}/api/v1/health`
  const startedAt = Date.now()
  for (let wait = 50, isTold = false; isWanted(); wait = Math.min(wait * 1.2, longestPauseMs)) {
    const status = await statusOf(url)
    if (status === 200) return
    if (!isTold && Date.now() - startedAt > toldAfterMs) {
      isTold = true
      say(`✗ not healthy yet (${status === 0 ? 'no answer' : `status ${status}`}); ${url} says why`)
    }
    await pause(wait)
  }
}

/** 0: no answer. The certificate is not checked: nothing is sent but this question, to this machine. */
function statusOf(url: string): Promise<number> {
  const request = url.startsWith('https:') ? encrypted : plain
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: 5_000, rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(0))
    asked.on('close', () => resolve(0))
    asked.end()
  })
}
