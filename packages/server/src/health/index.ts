export { type Health, healthOf } from './health.ts'
export { routes } from './routes.ts'
