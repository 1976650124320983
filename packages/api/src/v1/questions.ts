import { wireQuestion } from '@tocsin/questions/wire/shape.ts'
import { z } from 'zod'
import { contract } from '../contract.ts'
import { byId, isoTime, page } from './shapes.ts'

const tag = 'Questions'

const column = z.object({
  sensor: z.string(),
  name: z.string(),
  type: z.enum(['text', 'number', 'bytes', 'percent', 'duration', 'time', 'flag']),
})
/** `missing` says why there is no value. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null(), z.object({ missing: z.string() })])
const diagnostic = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  span: z.object({ from: z.int(), to: z.int(), line: z.int(), column: z.int() }).optional(),
  hint: z.string().optional(),
})
const question = z.object({
  id: z.int(),
  /** Canonical text. */
  text: z.string(),
  /** Of a saved question: it is kept until it is removed, and endpoints that join later answer it, too. */
  name: z.string().nullable(),
  /** Computer group that is asked; null: all that the asker may ask. */
  group: z.int().nullable(),
  columns: z.array(column),
  askedBy: z.string(),
  askedAt: isoTime,
  /** Nobody is asked after it; what was answered is kept for a week. Null: a saved question. */
  expiresAt: isoTime.nullable(),
})
const progress = question.extend({
  /** `waiting`: only endpoints that are offline have not answered. */
  state: z.enum(['asking', 'waiting', 'done', 'expired']),
  /** Endpoints that are meant at all. */
  targets: z.int(),
  /** Those of them that are online or have answered. */
  estimatedTotal: z.int(),
  /** Endpoints that have said all that they have to say. */
  tested: z.int(),
  /** Those of them that the from-filter means. */
  passed: z.int(),
  /** Endpoints by state. `undecided`: the from-filter rests on what the endpoint cannot tell. */
  states: z.record(z.string(), z.int()),
  /** Endpoints whose rows were more than one may tell. */
  cut: z.int(),
  /** Distinct rows. */
  rows: z.int(),
  /** Rows that were told beyond the most that are kept of one question. */
  dropped: z.int(),
})

export const parseQuestionContract = contract({
  method: 'GET',
  path: '/api/v1/questions/parse',
  summary: 'Read a question without asking it: every way to read the text, the most likely first',
  tag,
  may: 'questions.read',
  query: z.object({ text: z.string().max(4_000) }),
  answer: z.object({
    parses: z.array(
      z.object({
        text: z.string(),
        /** The text is this one already. */
        canonical: z.boolean(),
        /** As Tanium's clients read it. */
        wire: z.record(z.string(), z.unknown()),
      }),
    ),
    diagnostics: z.array(diagnostic),
  }),
})

export const askQuestion = contract({
  method: 'POST',
  path: '/api/v1/questions',
  summary: 'Ask endpoints: by a text that can be read in one way, or by its wire form',
  tag,
  may: 'questions.ask',
  body: z.object({
    text: z.string().max(10_000).optional(),
    wire: wireQuestion.optional(),
    /** Computer group that is asked, unless the question names one. */
    group: z.int().positive().max(2_147_483_647).optional(),
    /** Keeps the question under this name. */
    save: z.string().min(1).max(255).optional(),
    expireSeconds: z.int().min(10).max(86_400).default(600),
  }),
  answer: question,
  status: 201,
  failures: [
    'question.unreadable',
    'question.ambiguous',
    'question.name-taken',
    'group.unknown',
    'access.forbidden',
  ],
})

export const listQuestions = contract({
  method: 'GET',
  path: '/api/v1/questions',
  summary: 'List questions, the newest first',
  tag,
  may: 'questions.read',
  query: z.object({
    limit: page.limit,
    offset: page.offset,
    /** Only those that are kept, or only the others. */
    saved: z.stringbool().optional(),
  }),
  answer: z.object({ items: z.array(question) }),
})

export const readQuestion = contract({
  method: 'GET',
  path: '/api/v1/questions/:id',
  summary: 'A question, and how far its answers are',
  tag,
  may: 'questions.read',
  params: byId,
  answer: progress,
  failures: ['question.unknown'],
})

export const readQuestionRows = contract({
  method: 'GET',
  path: '/api/v1/questions/:id/rows',
  summary:
    'Rows of the answers so far, each with the number of times that it was said, the most frequent first',
  tag,
  may: 'questions.read',
  params: byId,
  query: z.object({ limit: page.limit, offset: page.offset }),
  answer: z.object({
    columns: z.array(column),
    total: z.int(),
    items: z.array(z.object({ cells: z.array(cell), count: z.int() })),
  }),
  failures: ['question.unknown'],
})

export const readQuestionEndpoints = contract({
  method: 'GET',
  path: '/api/v1/questions/:id/endpoints',
  summary: 'What each endpoint did with a question, those with remarks first',
  tag,
  may: 'questions.read',
  params: byId,
  query: z.object({ limit: page.limit, offset: page.offset }),
  answer: z.object({
    items: z.array(
      z.object({
        endpoint: z.uuid(),
        computerName: z.string(),
        state: z.string(),
        rows: z.int(),
        /** It had more rows than one may tell. */
        cut: z.boolean(),
        /** What may be missing, and why. */
        notes: z.array(z.string()),
        /** How long it took there, ms. */
        took: z.int(),
      }),
    ),
  }),
  failures: ['question.unknown'],
})

export const removeQuestion = contract({
  method: 'DELETE',
  path: '/api/v1/questions/:id',
  summary: 'Remove a question with its answers; who has not answered is asked no more',
  tag,
  may: 'questions.ask',
  params: byId,
  answer: z.object({ id: z.int() }),
  failures: ['question.unknown'],
})

export const listSensors = contract({
  method: 'GET',
  path: '/api/v1/sensors',
  summary: 'Everything that can be asked for',
  tag,
  may: 'questions.read',
  answer: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        hash: z.int(),
        description: z.string(),
        parameters: z.array(z.object({ key: z.string(), label: z.string(), usual: z.string().nullable() })),
        columns: z.array(z.object({ name: z.string(), type: column.shape.type })),
        platforms: z.array(z.enum(['linux', 'windows', 'macos'])),
        /** It takes the permission `questions.secrets`. */
        secret: z.boolean(),
      }),
    ),
  }),
})
