const longest = 2_000

/** Prints one line; a reader that went away is no reason to stop. */
export function sayOn(stream: NodeJS.WritableStream): (line: string) => void {
  stream.on('error', () => undefined)
  return (line) => void stream.write(`${line}\n`)
}

/** Removes what a terminal would act on, and the end of what is very long: text of other processes is not ours. */
export function harmless(text: string): string {
  return text.slice(0, longest).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
