import { questionSchema } from '@tocsin/questions/schema.ts'
import { z } from 'zod'

/**
 * Uplink messages, JSON over WebSocket with mutual TLS. Who speaks is the client certificate, never a field.
 * `n` counts per direction from 1; what must not be lost is sent again until `accepted {n}`.
 */
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const micros = z.number().int().nonnegative()
const text = (most: number) => z.string().max(most)
const count = z.number().int().nonnegative()
const value = z.union([
  z.string().max(65_536),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ bytes: z.string().max(65_536) }),
  z.strictObject({ time: micros }),
])
const seen = z.union([value, z.strictObject({ cut: z.string().max(65_536) })])
const fields = z.record(text(200), z.strictObject({ values: z.array(seen).max(1_000), whole: z.boolean() }))
const nodePath = z.array(count).max(200)
const properties = z.record(text(40), z.array(text(100)).max(500))
const objectKind = text(40)

const blindInterval = z.strictObject({
  from: micros,
  to: micros,
  object: objectKind,
  count: count.nullable(),
  reason: z.enum(['overflow', 'recursion', 'stopped', 'budget', 'sequence', 'unreadable', 'no-privilege']),
})
const processFacts = z.strictObject({
  key: text(200),
  parent: text(200).nullable(),
  fields,
  startedAt: micros,
  endedAt: micros.nullable(),
})
const explanation = z.strictObject({
  kept: z.array(nodePath).max(5_000),
  witnesses: z
    .array(
      z.strictObject({
        at: nodePath,
        property: text(200).optional(),
        seen: seen.optional(),
        instance: text(4_500),
        offsets: z
          .array(z.strictObject({ string: text(200), offset: count, around: text(400) }))
          .max(100)
          .optional(),
      }),
    )
    .max(2_000),
  instances: z.array(z.strictObject({ key: text(4_500), object: objectKind, at: micros, fields })).max(500),
})
export const findingSchema = z.strictObject({
  id: digest,
  intel: z.strictObject({ id: count, revision: count, kind: text(40), name: text(1_000) }),
  program: digest,
  deployment: count,
  mode: z.enum(['live', 'scan', 'history']),
  subject: text(9_000),
  firstAt: micros,
  lastAt: micros,
  count: count,
  chain: z.array(processFacts).max(17),
  explanation,
  blind: z.array(blindInterval).max(100),
})
const capability = z.strictObject({
  platform: z.enum(['linux', 'windows', 'macos']),
  contracts: z.array(count).max(20),
  privileged: z.boolean(),
  events: properties,
  state: properties,
  historySince: micros.nullable(),
  yara: z
    .array(
      z.strictObject({
        engine: z.enum(['libyara', 'yara-x']),
        modules: z.array(text(60)).max(100),
        memory: z.boolean(),
      }),
    )
    .max(4),
  why: z.record(text(100), text(1_000)),
})
/** Facts of the machine that an agent states about itself; shown, never trusted as identity. */
const hostFacts = z.strictObject({
  computerName: text(255),
  addresses: z.array(text(64)).max(64),
  os: text(200),
  kernel: text(200),
  bits: z.union([z.literal(32), z.literal(64)]),
})
const refusal = z.strictObject({ program: digest, code: text(60), message: text(1_000) })
const verdictCounts = z.strictObject({ match: count, noMatch: count, inconclusive: count })

/** A match of a back-test that would have been an alert, cut so that a result with its samples stays one frame. */
export const backtestSample = z.strictObject({
  /** The id that a finding of it would have. */
  id: digest,
  subject: text(500),
  firstAt: micros,
  lastAt: micros,
  /** Command lines, or paths, of the acting process and who created it. */
  chain: z.array(text(200)).max(5),
  /** What met the condition; `seen` as JSON text. */
  witnesses: z.array(z.strictObject({ property: text(200), seen: text(200), instance: text(200) })).max(8),
})
export type BacktestSample = z.infer<typeof backtestSample>
export const backtestReasons = [
  'time',
  'matches',
  'unread',
  'no-history',
  'needs-scan',
  'missing-object',
  'program',
  'fault',
] as const

/** One value of an answer; `missing` says why there is none. */
const cell = z.union([
  z.string().max(4_096),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ missing: z.string().max(200) }),
])

export const fromAgent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hello'),
    n: count,
    agent: text(40),
    contracts: z.array(count).max(20),
    host: hostFacts,
    capability,
    /** Revision that is active on the endpoint, 0 for none. */
    revision: count,
    /** The profile that is applied there; an agent that says none is told of none. */
    profile: count.optional(),
    keyId: text(64),
  }),
  /** Sent again whenever a source starts or stops. */
  z.strictObject({ kind: z.literal('capability'), n: count, capability }),
  /** `refused`: programs of the active set that this endpoint cannot load; the rest runs. */
  z.strictObject({
    kind: z.literal('activated'),
    n: count,
    revision: count,
    profile: count.optional(),
    refused: z.array(refusal).max(5_000),
  }),
  /** The whole set was refused; what ran before goes on. */
  z.strictObject({
    kind: z.literal('refused'),
    n: count,
    revision: count,
    code: text(60),
    program: digest.optional(),
  }),
  z.strictObject({
    kind: z.literal('findings'),
    n: count,
    items: z.array(z.strictObject({ finding: findingSchema, throttled: count })).max(100),
  }),
  z.strictObject({ kind: z.literal('blind'), n: count, items: z.array(blindInterval).max(1_000) }),
  z.strictObject({
    kind: z.literal('scan-progress'),
    n: count,
    scan: count,
    state: z.enum(['running', 'paused', 'done', 'failed', 'cancelled']),
    /** How often it was begun anew, since the agent ended while it ran. */
    restarts: count.optional(),
    files: count,
    bytes: count,
    skipped: z.record(text(60), count),
    /** Programs that ran: instances per verdict. */
    programs: z.record(digest, verdictCounts),
    /** Rules that exceeded their time on this endpoint and were set aside. */
    quarantined: z.array(refusal).max(1_000),
  }),
  z.strictObject({
    kind: z.literal('backtest-progress'),
    n: count,
    backtest: count,
    /** Time of the journal that was reached. */
    reached: micros,
    events: count,
    matches: count,
  }),
  z.strictObject({
    kind: z.literal('backtest-result'),
    n: count,
    backtest: count,
    /** `partial`: it ended before its time, or the journal could not be read whole. */
    state: z.enum(['done', 'partial', 'cancelled', 'refused']),
    reason: z.enum(backtestReasons).nullable(),
    /** Says more of the reason. */
    message: text(500),
    reached: micros,
    events: count,
    matches: count,
    samples: z.array(backtestSample).max(5),
    /** Since when the journal holds events of an object. */
    reach: z.record(objectKind, micros),
    /** Of the time that was asked for; `blindIntervals` counts them all. */
    blind: z.array(blindInterval).max(20),
    blindIntervals: count,
  }),
  /** A part of what the endpoint says to a question; parts come in order, each is accepted by itself. */
  z.strictObject({
    kind: z.literal('answer'),
    n: count,
    question: count.max(2_147_483_647),
    index: count.max(63),
    last: z.boolean(),
    /** `not meant`: the from-filter does not hold here; `undecided`: it cannot be told. */
    state: z.enum(['answered', 'not meant', 'undecided', 'failed']),
    /** Rows in the order of the columns, several sensors' side by side. */
    rows: z.array(z.array(cell).max(200)).max(500),
    /** There were more rows than may be told. */
    cut: z.boolean(),
    /** What may be missing, and why. */
    notes: z.array(text(300)).max(20),
    /** How long it took, ms. */
    took: count,
  }),
  z.strictObject({ kind: z.literal('health'), n: count, counters: z.record(text(100), z.number()) }),
])
export type FromAgent = z.infer<typeof fromAgent>
export type HostFacts = z.infer<typeof hostFacts>

export const fromServer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('welcome'),
    n: count,
    endpoint: text(64),
    time: micros,
    /** Ed25519 public key that manifests are verified with, hex; pinned at enrolment. */
    key: text(64),
    keyId: text(64),
  }),
  /** The manifest is fetched as an object, like programs and blobs. */
  z.strictObject({
    kind: z.literal('deploy'),
    n: count,
    digest,
    signature: text(128),
    /** The profile of this endpoint. */
    profile: count.optional(),
  }),
  /** The endpoint's profile is another one now; the set that it has holds it. */
  z.strictObject({ kind: z.literal('profile'), n: count, profile: count }),
  z.strictObject({
    kind: z.literal('scan'),
    n: count,
    scan: count,
    /** Programs of the active set; empty: all. */
    programs: z.array(digest).max(5_000),
  }),
  z.strictObject({ kind: z.literal('cancel'), n: count, scan: count }),
  /** A scan stands still, or goes on. */
  z.strictObject({ kind: z.literal('pause'), n: count, scan: count, isPaused: z.boolean() }),
  /**
   * Runs one program over the journal and tells what would have been alerts; nothing is raised by it. The program is
   * fetched as an object and need not be of the active set: it can only read what the journal has.
   */
  z.strictObject({
    kind: z.literal('backtest'),
    n: count,
    backtest: count,
    program: digest,
    since: micros,
    until: micros,
    mostSamples: count.max(5),
    mostMillis: count.max(600_000),
  }),
  z.strictObject({ kind: z.literal('backtest-cancel'), n: count, backtest: count }),
  /** Asks for rows; an endpoint that the from-filter does not mean says so. */
  z.strictObject({
    kind: z.literal('ask'),
    n: count,
    question: count,
    asked: questionSchema,
    mostRows: count.max(20_000),
    mostBytes: count.max(4 << 20),
    mostMillis: count.max(600_000),
  }),
  z.strictObject({ kind: z.literal('accepted'), n: count, of: count }),
  z.strictObject({ kind: z.literal('bye'), n: count, code: text(60) }),
])
export type FromServer = z.infer<typeof fromServer>
