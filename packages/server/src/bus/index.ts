export type { Bus, Topic, Topics } from './bus.ts'
export { openBus } from './open-bus.ts'
