import { oneTask } from '@tocsin/api/v1/tasks.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { taskById } from './tasks.ts'

export const routes: readonly Route[] = [
  route(oneTask, async ({ context, params }) => {
    const task = await taskById(context, params.id)
    return {
      ...task,
      metadata: { ...task.metadata },
      results: { ...task.results },
      createdAt: isoTime(task.createdAt),
      updatedAt: isoTime(task.updatedAt),
      endedAt: isoTimeOrNull(task.endedAt),
    }
  }),
]
