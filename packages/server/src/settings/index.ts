export { routes } from './routes.ts'
export { endpointSettings, firstSettings } from './settings.ts'
