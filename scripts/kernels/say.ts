/** One line of JSON for whoever reads the console of the machine. */
export function say(value: object): void {
  console.log(JSON.stringify(value))
}
