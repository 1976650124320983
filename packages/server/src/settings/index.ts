export { routes } from './routes.ts'
export { changeEndpointSettings, endpointSettings, firstSettings } from './settings.ts'
