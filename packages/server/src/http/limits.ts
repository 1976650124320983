import type { Contract } from '@tocsin/api'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

/** The largest body of any route: an intel document. */
export const largestBody = 64 * mebibyte

/** How large a route's body may be: JSON is parsed in one go, and strangers are given little. */
export function bodyLimitOf(contract: Contract): number {
  if (contract.may === 'anyone') return 64 * kibibyte
  if (contract.raw === true) return largestBody
  return 16 * mebibyte
}
