import { oneTask } from '@tocsin/api/v1/tasks.ts'
import { type Route, route } from '../http/serve.ts'
import { taskById } from './tasks.ts'

const iso = (micros: number) => new Date(micros / 1000).toISOString()

export const routes: readonly Route[] = [
  route(oneTask, async ({ context, params }) => {
    const task = await taskById(context, params.id)
    return {
      ...task,
      metadata: { ...task.metadata },
      results: { ...task.results },
      createdAt: iso(task.createdAt),
      updatedAt: iso(task.updatedAt),
      endedAt: task.endedAt === null ? null : iso(task.endedAt),
    }
  }),
]
