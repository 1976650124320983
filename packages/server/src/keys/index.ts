export type { Signer } from './signer.ts'
export { connectSigner } from './signer-client.ts'
