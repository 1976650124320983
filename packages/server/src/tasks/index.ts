export { routes } from './routes.ts'
export { finishTask, progressTask, startTask, type Task, taskById } from './tasks.ts'
