export {
  type Binding,
  bindingOf,
  profileOfEndpoint,
  profilesOfEndpoints,
  settingsOf,
} from './binding.ts'
export { adjustProfile, changeProfile, factsOf } from './change.ts'
export { createProfile } from './create.ts'
export type { Profile } from './profile.ts'
export { removeProfile } from './remove.ts'
export { routes } from './routes.ts'
export { allProfiles, profileById } from './store.ts'
