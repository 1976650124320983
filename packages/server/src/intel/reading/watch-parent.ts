/** Runs as a thread of a reader: ends the reader when the server is gone, whatever the reader is busy with. */
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 1_000)
