export type { Bus, Topic, Topics } from './bus.ts'
