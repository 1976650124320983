/** Dots that are written in other scripts, as names in domains may have them. */
const foreignDots = /[\u3002\uff0e\uff61]/g

/** Undoes what authors do so that nobody clicks: `hxxp`, `[.]`, `(dot)`, `[:]//`, full-width letters. */
export function refang(text: string): string {
  const plain = /[^\x20-\x7e]/.test(text) ? text.replace(foreignDots, '.').normalize('NFKC') : text
  if (!/[[({<\\]|^(?:h[^t]{2}p|[hf]xp)/i.test(plain)) return plain
  return plain
    .replace(/^\[?(?:h(?:xx|tt|\*\*|__)p|http)(s?)\]?(?=[:[(])/i, 'http$1')
    .replace(/^fxp(?=s?[:[(])/i, 'ftp')
    .replace(/\[:\/\/\]|\(:\/\/\)/g, '://')
    .replace(/\[:\]|\(:\)|\{:\}/g, ':')
    .replace(/[[({<]\s*(?:\.|dot)\s*[\])}>]/gi, '.')
    .replace(/\[\.|\.\]|\\\./g, '.')
    .replace(/\[(?:@|at)\]|\((?:@|at)\)/gi, '@')
}
