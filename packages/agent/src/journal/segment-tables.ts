/**
 * A segment says itself what it holds, so that later versions read older ones. `blocks.data` is written by
 * write-block.ts; in a sealed segment it is compressed and its texts are in `dictionary`, numbered from the row's id on.
 * `postings` are ascending numbers of hash × 65,536 + block, in rows by the first.
 */
export const segmentTables = `
  create table if not exists meta (name text primary key, value text not null) without rowid;
  create table if not exists blocks (id integer primary key, first_at integer not null, last_at integer not null,
    entries integer not null, counts text not null, replaces text, data blob not null);
  create table if not exists dictionary (id integer primary key, data blob not null);
  create table if not exists postings (first integer primary key, data blob not null);
`
export const insertBlock =
  'insert into blocks (first_at, last_at, entries, counts, replaces, data) values (?, ?, ?, ?, ?, ?)'
export const format = '1'
