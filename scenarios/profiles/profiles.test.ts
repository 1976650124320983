import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { descendantsOf } from '@tocsin/testkit/children.ts'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/profiles: skipped, it needs root for the recorder')
const clone = fileURLToPath(new URL('../..', import.meta.url))

let product: Product
let root: string
let endpoint: string
const mark = `profiles-${randomBytes(4).toString('hex')}`

beforeAll(async () => {
  if (!isRoot) return
  root = await mkdtemp(join(tmpdir(), 'tocsin-profiles-'))
  product = await startProduct({ scanRoots: [root] })
  endpoint = await until('the agent is connected', async () => {
    const { items } = await product.json<{ items: { id: string; connected: boolean }[] }>('/api/v1/endpoints')
    return items.find(({ connected }) => connected)?.id
  })
}, 180_000)
afterAll(async () => {
  await product?.purge()
  if (root !== undefined) await rm(root, { recursive: true, force: true })
}, 60_000)

const send = <Answer>(method: string, path: string, body?: unknown) =>
  product.json<Answer>(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })

async function upload(contents: string): Promise<number> {
  const { document } = await product.json<{ document: { id: number } }>('/api/v1/intel', {
    method: 'POST',
    headers: { 'content-disposition': `filename=${randomBytes(4).toString('hex')}.signal` },
    body: contents,
  })
  return document.id
}

interface Alert {
  readonly id: number
  readonly intel: { readonly id: number }
}
async function alertsOf(intel: number): Promise<readonly Alert[]> {
  const { items } = await product.json<{ items: readonly Alert[] }>('/api/v1/alerts?limit=500')
  return items.filter((alert) => alert.intel.id === intel)
}

/** Deploys, and waits until the endpoint applies this profile of it. */
async function bring(profile: number): Promise<void> {
  const { revision } = await send<{ revision: number }>('POST', '/api/v1/deployments')
  await applied(revision, profile)
}

async function applied(revision: number, profile: number): Promise<void> {
  interface Report {
    readonly profiles: readonly { readonly id: number; readonly applied: number }[]
  }
  await until(
    `profile ${profile} is applied`,
    async () => {
      const { profiles } = await product.json<Report>(`/api/v1/deployments/${revision}`)
      return profiles.find(({ id }) => id === profile)?.applied === 1
    },
    60_000,
  )
}

const tocsin = (...words: string[]) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(clone, 'packages/cli/src/main.ts'), ...words],
    {
      encoding: 'utf8',
      env: { ...process.env, TOCSIN_URL: product.url, TOCSIN_API_TOKEN: product.token },
    },
  )
  return { said: stdout + stderr, status }
}

test.skipIf(!isRoot)(
  'an endpoint whose group gets a profile applies it without a restart: what it excludes raises nothing, and secrets stay there',
  async () => {
    const group = await send<{ id: number }>('POST', '/api/v1/groups', { name: 'Scenario', endpoints: [] })
    const made = tocsin(
      ...[
        'profiles',
        'set',
        'Scenario',
        '--create',
        'budget={"cpuPercent":100,"memoryMiB":1024}',
        `groups=[${group.id}]`,
        'recorder.off=["network"]',
        `scan.roots=["${root}"]`,
      ],
      ...[`recorder.excludeFiles=["${root}/quiet/*"]`, 'recorder.redact=["--secret=(\\\\S+)"]'],
    )
    expect(made).toMatchObject({ status: 0 })
    const profiles = await product.json<{ items: { id: number; name: string; state: string }[] }>(
      '/api/v1/profiles',
    )
    const profile = profiles.items.find(({ name }) => name === 'Scenario')?.id ?? 0
    const onFile = await upload(`file.path contains '${mark}'`)
    const onExec = await upload(`process.command_line contains '${mark}-exec'`)
    await bring(1)
    await writeFile(join(root, `${mark}-loud`), 'before')
    await until('a file event alerts', async () => (await alertsOf(onFile)).length > 0, 60_000)

    // The group alone: nothing is deployed anew.
    const { currentRevision } = await product.json<{ currentRevision: number }>('/api/v1/deployments/status')
    expect(tocsin('groups', 'set', 'Scenario', endpoint)).toMatchObject({ status: 0 })
    await applied(currentRevision, profile)
    const told = await until('the capability names the profile', async () => {
      const { capability } = await product.json<{
        capability: { events: Record<string, unknown>; why: Record<string, string> }
      }>(`/api/v1/endpoints/${endpoint}`)
      return capability.events.network === undefined ? capability : undefined
    })
    expect(told.why['events.network']).toBe('switched off by the profile Scenario')
    expect(told.why.exclusions).toContain(`${root}/quiet/*`)
    const onNetwork = await upload(`network.remote_port is '4'`)
    const covered = await until('coverage is known', async () => {
      const { coverage } = await product.json<{ coverage: { live: string } | null }>(
        `/api/v1/intel/${onNetwork}/coverage/${endpoint}`,
      )
      return coverage ?? undefined
    })
    expect(JSON.stringify(covered)).toContain('switched off by the profile Scenario')
    expect(covered).toMatchObject({ live: 'never' })

    const before = (await alertsOf(onFile)).length
    spawnSync('/bin/sh', ['-c', `mkdir -p ${root}/quiet; echo x > ${root}/quiet/${mark}-quiet`])
    spawn('/bin/true', [`--${mark}-exec`, '--secret=hunter2'], { stdio: 'ignore' })
    const [alert] = await until(
      'the exec alerts',
      async () => {
        const found = await alertsOf(onExec)
        return found.length > 0 ? found : undefined
      },
      60_000,
    )
    expect((await alertsOf(onFile)).length).toBe(before)
    const { text } = { text: JSON.stringify(await product.json(`/api/v1/alerts/${alert?.id}`)) }
    expect(text).toContain('--secret=[redacted]')
    expect(text).not.toContain('hunter2')
  },
  300_000,
)

interface Report {
  readonly id: number
  readonly state: string
  readonly results: readonly { readonly state: string; readonly restarts: number }[]
  readonly programs: readonly unknown[]
}

/** A scan that is caught before its end; one that was too quick is asked for again. */
async function standing(): Promise<number> {
  const { id } = await send<Report>('POST', '/api/v1/scans', { group: 1 })
  await product.request(`/api/v1/scans/${id}/pause`, { method: 'POST' })
  const { results } = await until(
    'it stands still, or has ended',
    async () => {
      const now = await product.json<Report>(`/api/v1/scans/${id}`)
      return ['paused', 'done'].includes(now.results[0]?.state ?? '') ? now : undefined
    },
    60_000,
  )
  return results[0]?.state === 'paused' ? id : standing()
}

async function brought(fileName: string, body: string): Promise<number> {
  await product.json('/api/v1/intel', {
    method: 'POST',
    headers: { 'content-disposition': `filename=${fileName}` },
    body,
  })
  return (await send<{ revision: number }>('POST', '/api/v1/deployments')).revision
}

test.skipIf(!isRoot)(
  'a scan stands still, is begun anew after the end of its agent and says so, and goes on to its end',
  async () => {
    await Promise.all(
      Array.from({ length: 300 }, (_, at) => writeFile(join(root, `file-${at}`), `${mark} ${at}`)),
    )
    await brought('first.yara', `rule first { strings: $a = "${mark} 7" condition: $a }`)
    const id = await standing()
    const report = () => product.json<Report>(`/api/v1/scans/${id}`)
    const [agent] = descendantsOf(product.supervisor.pid ?? 0).filter(({ command }) =>
      command.includes('agent/src/main.ts'),
    )
    process.kill(agent?.pid ?? Number.NaN, 'SIGKILL')
    const again = await until(
      'it was begun anew',
      async () => {
        const now = await report()
        return (now.results[0]?.restarts ?? 0) > 0 ? now : undefined
      },
      120_000,
    )
    expect(again).toMatchObject({ state: 'paused', results: [{ state: 'paused', restarts: 1 }] })
    expect(tocsin('scan', 'resume', String(id)).status).toBe(0)
    const done = await until(
      'it ends',
      async () => {
        const now = await report()
        return now.state === 'done' ? now : undefined
      },
      120_000,
    )
    expect(done.results).toMatchObject([{ state: 'done', restarts: 1 }])
    expect(done.programs).toContainEqual(expect.objectContaining({ match: 1 }))
  },
  400_000,
)

test.skipIf(!isRoot)(
  'in a blockout the endpoint’s own scan stands still, and the report of the deployment says that it is not through',
  async () => {
    const scanning = async (revision: number) => {
      const { profiles } = await product.json<{ profiles: { name: string; scanning: number }[] }>(
        `/api/v1/deployments/${revision}`,
      )
      return profiles.find(({ name }) => name === 'Scenario')?.scanning
    }
    const blockout = (hours: string) => tocsin('profiles', 'set', 'Scenario', `scan.blockout=${hours}`).status
    expect(blockout('[{"from":"00:00","to":"00:00"}]')).toBe(0)
    const held = await brought('second.yara', 'rule second { condition: filesize == 123456789 }')
    await until('it stands still', async () => (await scanning(held)) === 1, 60_000)
    expect(blockout('[]')).toBe(0)
    const { revision } = await send<{ revision: number }>('POST', '/api/v1/deployments')
    await until('it is through', async () => (await scanning(revision)) === 0, 120_000)
  },
  300_000,
)
