export { routes } from './routes.ts'
export { finishTask, startTask, type Task, taskById } from './tasks.ts'
