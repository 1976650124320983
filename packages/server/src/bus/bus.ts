/** Topics between the parts of one server and between servers; payloads are small, the database holds the rest. */
export interface Topics {
  /** A new deployment is ready to be announced to endpoints. */
  readonly deployed: { readonly revision: number }
  /** A computer group has other endpoints than before. */
  readonly groupChanged: { readonly group: number }
  readonly scanRequested: { readonly scan: number }
  readonly scanCancelled: { readonly scan: number }
  /** It stands still, or goes on. */
  readonly scanPaused: { readonly scan: number }
  readonly backtestRequested: { readonly backtest: number }
  readonly backtestCancelled: { readonly backtest: number }
  readonly questionAsked: { readonly question: number }
  readonly alertRaised: { readonly id: number }
  readonly endpointRevoked: { readonly endpoint: string }
  readonly endpointChanged: { readonly endpoint: string }
}
export type Topic = keyof Topics

export interface Bus {
  publish<T extends Topic>(topic: T, payload: Topics[T]): Promise<void>
  /** Every subscriber of every server gets it, at most once; state is in the database, a lost message only delays. */
  subscribe<T extends Topic>(topic: T, hear: (payload: Topics[T]) => void): () => void
  close(): Promise<void>
}
