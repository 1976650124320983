export { record, recordAs } from './record.ts'
export { routes } from './routes.ts'
