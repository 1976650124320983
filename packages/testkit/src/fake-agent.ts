import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerQuestion } from '@tocsin/agent/answer/answer-question.ts'
import { Answers } from '@tocsin/agent/answer/answers.ts'
import { enrol, type Identity } from '@tocsin/agent/enrolment/identity.ts'
import { stderrLog } from '@tocsin/agent/log.ts'
import { Assured } from '@tocsin/agent/uplink/assured.ts'
import { ObjectFetcher } from '@tocsin/agent/uplink/objects.ts'
import { Uplink } from '@tocsin/agent/uplink/uplink.ts'
import { type Capability, type Manifest, vocabulary } from '@tocsin/model'
import { verifyManifest } from '@tocsin/protocol'
import { simulatedSensors } from './simulated-sensors.ts'

export interface FakeAgentOptions {
  readonly server: string
  readonly token: string
  readonly caPin: string
  readonly computerName: string
}

/** An endpoint that speaks the real protocol and runs nothing: enrols, takes deployments, answers scans and questions. */
export class FakeAgent {
  readonly identity: Identity
  private readonly folder: string
  private readonly uplink: Uplink
  private readonly objects: ObjectFetcher
  private readonly assured: Assured
  private readonly answers: Answers
  private revision = 0
  /** Sets that it activated. */
  activations = 0
  isWelcome = false

  private constructor(folder: string, identity: Identity, { server, computerName }: FakeAgentOptions) {
    this.folder = folder
    this.identity = identity
    const url = new URL(server)
    this.objects = new ObjectFetcher(url, identity)
    this.assured = new Assured(() => this.uplink)
    const sensors = simulatedSensors(computerName)
    this.answers = new Answers({
      assured: this.assured,
      thread: {
        answer: ({ question, limits }) => answerQuestion(question, sensors, limits),
        close: async () => undefined,
      },
    })
    this.uplink = new Uplink({
      server: url,
      identity,
      log: stderrLog('silent'),
      hello: () => ({
        kind: 'hello',
        agent: 'tocsin-sim',
        contracts: [1],
        host: { computerName, addresses: ['127.0.0.1'], os: 'Simulated', kernel: 'none', bits: 64 },
        capability: everything() as never,
        revision: this.revision,
        keyId: '',
      }),
      onOpen: () => this.assured.reset(),
      onMessage: (message) => {
        if (message.kind === 'welcome') this.isWelcome = true
        if (message.kind === 'deploy') void this.activate(message.digest, message.signature)
        if (message.kind === 'accepted') this.assured.accepted(message.of)
        if (message.kind === 'ask') this.answers.request(message)
        if (message.kind === 'scan') this.answerScan(message.scan)
      },
    })
  }

  static async start(options: FakeAgentOptions): Promise<FakeAgent> {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-fake-'))
    const { token, caPin } = options
    const identity = await enrol(folder, { server: new URL(options.server), token, caPin })
    return new FakeAgent(folder, identity, options)
  }

  async stop(): Promise<void> {
    this.uplink.close()
    this.objects.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async activate(digest: string, signature: string): Promise<void> {
    const value: unknown = JSON.parse(new TextDecoder().decode(await this.objects.fetch(digest)))
    const checked = verifyManifest(value, {
      signature,
      publicKey: this.identity.programKey,
      active: this.revision,
      now: Date.now() * 1_000,
    })
    if ('refusal' in checked) return
    await this.fetchAll(checked.manifest)
    this.revision = checked.manifest.revision
    this.activations += 1
    this.uplink.send({ kind: 'activated', revision: this.revision, refused: [] })
  }

  private async fetchAll({ programs }: Manifest): Promise<void> {
    for (const { digest } of programs) await this.objects.fetch(digest)
  }

  private answerScan(scan: number): void {
    const nothing = { files: 0, bytes: 0, skipped: {}, programs: {}, quarantined: [] }
    this.uplink.send({ kind: 'scan-progress', scan, state: 'done', ...nothing })
  }
}

/** All that the vocabulary knows on Linux. */
function everything(): Capability {
  const rows = [...vocabulary.values()]
  const by = (source: 'live' | 'scan') => {
    const found: Record<string, string[]> = {}
    for (const row of rows.filter((each) => each[source].includes('linux'))) {
      found[row.object] = [...(found[row.object] ?? []), row.property]
    }
    return found
  }
  return {
    platform: 'linux',
    contracts: [1],
    privileged: true,
    events: by('live'),
    state: by('scan'),
    historySince: null,
    yara: [{ engine: 'yara-x', modules: ['pe', 'elf', 'math', 'hash'], memory: false }],
    why: {},
  }
}
