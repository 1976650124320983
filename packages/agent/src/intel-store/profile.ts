import { type Manifest, type ManifestProfile, shippedProfile } from '@tocsin/model'

/** The profile of a set that an endpoint applies: the one it was told of, else the one that ships with Tocsin. */
export function profileIn(manifest: Manifest, told: number | undefined): ManifestProfile {
  const { profiles = [], settings } = manifest
  return (
    profiles.find(({ id }) => id === told) ??
    profiles.find(({ id }) => id === shippedProfile) ?? {
      ...{ id: shippedProfile, name: 'All computers', intel: 'all', settings },
    }
  )
}

/** The programs of the set that the profile takes. */
export function programsFor({ intel }: ManifestProfile, { programs }: Manifest): Manifest['programs'] {
  if (intel === 'all') return programs
  const taken = new Set(intel)
  return programs.filter((program) => taken.has(program.intel))
}
