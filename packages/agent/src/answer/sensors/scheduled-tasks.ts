import { tasks } from '../../scan/state/tasks.ts'
import { ofState } from '../rows-of-state.ts'

export const scheduledTasks = ofState(
  'Scheduled Tasks',
  tasks,
  'task.name',
  'task.schedule',
  'task.user',
  'task.command_line',
  'task.file',
)
