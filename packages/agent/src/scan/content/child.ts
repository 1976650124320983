import { cutRules } from './cut-rules.ts'
import type { FromChild, Placed, Scanned, ToChild } from './messages.ts'
import { messageOf, RuleFault, type YaraEngine } from './yara-engine.ts'

/** The process that compiles and runs YARA. Its parent has taken user, capabilities and network from it already. */
const [engineName, sharedBytes = '0'] = process.argv.slice(2)
const { engine, area } = await opened().catch((error: unknown) => {
  process.stderr.write(messageOf(error))
  process.exit(1)
})
let room = new Uint8Array()

process.on('message', (message: ToChild) => {
  const answer = hear(message)
  if (answer !== undefined) process.send?.(answer)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ kind: 'ready', uid: process.getuid?.() ?? -1 } satisfies FromChild)

/** Either engine is read only where it runs. */
async function opened(): Promise<{ readonly engine: YaraEngine; readonly area: Uint8Array }> {
  if (engineName !== 'libyara') {
    const { YaraXEngine } = await import('./yara-x-engine.ts')
    return { engine: new YaraXEngine(), area: new Uint8Array() }
  }
  const { openLibyara } = await import('./open-libyara.ts')
  const { sharedArea } = await import('./shared-area.ts')
  return { engine: openLibyara(), area: sharedArea(Number(sharedBytes)) }
}

function hear(message: ToChild): FromChild | undefined {
  switch (message.kind) {
    case 'add':
      return { kind: 'added', fault: engine.add(message.digest, message.text) }
    case 'build':
      return { kind: 'built', fault: engine.build() }
    case 'clear':
      engine.clear()
      return undefined
    case 'cut':
      return { kind: 'cut', rules: cutRules(message.text) }
    case 'room':
      room = new Uint8Array(message.size)
      return undefined
    case 'piece':
      return take(message)
    case 'scan':
      return { kind: 'scanned', files: message.files.map(scanned) }
  }
}

function take({ at, size, bytes }: Extract<ToChild, { readonly kind: 'piece' }>): FromChild | undefined {
  const piece = bytes ?? area.subarray(0, size)
  room.set(piece.subarray(0, Math.max(0, room.length - at)), at)
  return bytes === undefined ? { kind: 'taken' } : undefined
}

function scanned({ from, at, size, externals, blocks }: Placed): Scanned {
  try {
    return {
      matches: engine.scan((from === 'area' ? area : room).subarray(at, at + size), externals, blocks),
      fault: null,
    }
  } catch (error) {
    const fault = messageOf(error)
    if (!(error instanceof RuleFault)) return { matches: [], fault }
    return { matches: [], fault, guilty: { source: error.source, rule: error.rule } }
  }
}
