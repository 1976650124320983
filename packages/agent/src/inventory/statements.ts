import type { DatabaseSync } from 'node:sqlite'

export type Statements = ReturnType<typeof statementsOf>

/** Texts are given as bytes, which need not be UTF-8. */
export function statementsOf(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text)
  return {
    fact: sql('select value from facts where name = ?'),
    noteFact: sql('insert into facts values (?, ?) on conflict do update set value = excluded.value'),
    folder: sql('select id from folders where path = cast(? as text)'),
    noteFolder: sql(`insert into folders (path, seen) values (cast(? as text), ?)
      on conflict do update set seen = max(seen, excluded.seen) returning id`),
    foldersBeneath: sql('select id from folders where path >= cast(? as text) and path < cast(? as text)'),
    foldersNotSeen: sql('select id from folders where id > ? and seen < ? order by id limit 64'),
    dropFolder: sql('delete from folders where id = ?'),
    name: sql(
      'select id from names where name = cast(?1 as text) collate nocase and name = cast(?1 as text) limit 1',
    ),
    noteName: sql('insert into names (name) values (cast(? as text)) returning id'),
    notePieces: sql('insert into pieces (rowid, name) values (?, ?)'),
    dropPieces: sql('delete from pieces where rowid = ?'),
    dropNames: sql(`delete from names where id between ? and ?
      and not exists (select 1 from files where files.name = names.id) returning id`),
    lastName: sql('select max(id) as id from names'),
    fileOf: sql('select content from files where folder = ? and name = ?'),
    namesIn: sql('select name from files where folder = ?'),
    noteFile: sql('insert into files values (?, ?, ?) on conflict do update set content = excluded.content'),
    dropFile: sql('delete from files where folder = ? and name = ? returning content'),
    content: sql(`select id, size, modified, changed from contents where inode = ? and device = ?`),
    noteContent: sql(`insert into contents (inode, device, size, modified, changed)
      values (?, ?, ?, ?, ?) returning id`),
    changeContent: sql(`update contents set size = ?, modified = ?, changed = ?,
      md5 = null, sha1 = null, sha256 = null, flaw = null where id = ?`),
    dropContent: sql(`delete from contents where id = ?1
      and not exists (select 1 from files where content = ?1)`),
    noteHashes: sql(`update contents set md5 = ?, sha1 = ?, sha256 = ?, due = ?, flaw = null
      where inode = ? and device = ? and size = ? and modified = ? and changed = ?`),
    noteTried: sql('update contents set flaw = ?, due = ? + size / 3 where id = ?'),
    unhashed: sql(`select id from contents where md5 is null and flaw is null and due <= ? and changed <= ?
      order by due, id desc limit 64`),
    pathOf: sql(`select cast(folders.path as blob) as folder, cast(names.name as blob) as name from files
      join folders on folders.id = files.folder join names on names.id = files.name where files.content = ? limit 1`),
    countFiles: sql('select count(*) as count from files'),
    countUnhashed: sql(`select count(*) as count from
      (select 1 from contents where md5 is null and flaw is null limit 100001)`),
    flaws: sql('select flaw, count(*) as count from contents where flaw is not null group by flaw'),
  }
}
