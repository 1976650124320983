/** An answer that is not one JSON object with the usual status: a bare array, text, bytes. */
export class Reply {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    contentType: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.status = status
    this.contentType = contentType
    this.body = body
    this.headers = headers
  }
}

export function textReply(text: string, contentType = 'text/plain', status = 200): Reply {
  return new Reply(status, contentType, Buffer.from(text))
}

/** JSON with another status than the contract's. */
export function jsonReply(status: number, value: unknown): Reply {
  return new Reply(status, 'application/json', Buffer.from(JSON.stringify(value)))
}
