/** A child that never gets ready. */
console.error('no such thing')
process.exit(3)
