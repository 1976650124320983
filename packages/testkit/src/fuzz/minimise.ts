/** A smaller input that fails in the same way: pieces are left out, large ones first, until none can be spared. */
export async function minimise(
  bytes: Uint8Array,
  fails: (smaller: Uint8Array) => boolean | Promise<boolean>,
  tries: number,
): Promise<Uint8Array> {
  let smallest = bytes
  let left = tries
  for (
    let size = Math.ceil(bytes.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < smallest.length && left > 0; left -= 1) {
      const without = new Uint8Array(Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]))
      if (await fails(without)) smallest = without
      else at += size
    }
  }
  return smallest
}
