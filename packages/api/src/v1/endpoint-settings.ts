import { budgetBounds, optionalEvents, responseClasses, usualBudget } from '@tocsin/model'
import { z } from 'zod'

/** The parts of what endpoints are told, as requests name them. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((each) => !each.includes('\u0000'), 'it holds no NUL')
const path = text(4_096).refine((each) => each.startsWith('/'), 'a path begins with /')
const within = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.number().int().min(least).max(most)

export const scanFolders = z.array(path).max(1_000)
export const agentBudget = z
  .object({ cpuPercent: within(budgetBounds.cpuPercent), memoryMiB: within(budgetBounds.memoryMiB) })
  .default(usualBudget)

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is written HH:MM')
const weekday = z.number().int().min(0).max(6)
/** By the endpoint's clock; 0 is Sunday. One that ends before it begins ends the next day. */
const blockout = z.object({
  days: z.array(weekday).min(1).max(7).default([0, 1, 2, 3, 4, 5, 6]),
  from: clock,
  to: clock,
})

export const recorderSettings = z
  .object({
    off: z.array(z.enum(optionalEvents)).max(optionalEvents.length).default([]),
    excludeProcesses: z.array(text(4_096)).max(200).default([]),
    excludeFiles: z.array(text(4_096)).max(200).default([]),
    redact: z.array(text(500)).max(20).default([]),
  })
  .prefault({})
export const profileScan = z
  .object({
    /** None: where files usually arrive. */
    roots: scanFolders.default([]),
    exclude: scanFolders.default([]),
    blockout: z.array(blockout).max(50).default([]),
    /** Null: once for each document. */
    rescanHours: z.number().int().min(1).max(8_784).nullable().default(null),
  })
  .prefault({})
export const allowedResponses = z
  .array(z.enum(responseClasses))
  .max(responseClasses.length)
  .default([...responseClasses])
