/** A child that is ready at once, says what it was given and dies when told to. */
console.log(`args ${process.argv.slice(2).join(' ')}\u001b[31m`)
process.on('message', (message) => process.exit(Number(message)))
process.send?.({ kind: 'ready', pid: process.pid })
