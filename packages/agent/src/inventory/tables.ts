/** So many files are kept, and so much is taken on the disk. */
export interface InventoryLimits {
  readonly files: number
  readonly bytes: number
}

export const usualLimits: InventoryLimits = { files: 4_000_000, bytes: 1024 ** 3 }

/**
 * A path is a folder and a name, of which many are the same. A content is what an inode holds, however many paths it
 * has. Names and paths are the kernel's bytes, kept as text so that they are compared without case; pieces of three
 * characters lead to the names that have them. Eight bytes of a hash find its few candidates in half the space.
 * From `due` on, µs, a content may be hashed.
 */
export const tables = `
  create table if not exists facts (name text primary key, value integer not null) without rowid;
  create table if not exists folders (id integer primary key, path text not null unique, seen integer not null);
  create table if not exists names (id integer primary key, name text not null);
  create index if not exists names_by_name on names (name collate nocase);
  create virtual table if not exists pieces using
    fts5 (name, tokenize = 'trigram', content = '', contentless_delete = 1, detail = none);
  create table if not exists contents (
    id integer primary key,
    device integer not null,
    inode integer not null,
    size integer not null,
    modified integer not null,
    changed integer not null,
    md5 blob,
    sha1 blob,
    sha256 blob,
    due integer not null default 0,
    flaw text
  );
  create unique index if not exists contents_by_inode on contents (inode, device);
  create index if not exists contents_by_md5 on contents (substr(md5, 1, 8)) where md5 is not null;
  create index if not exists contents_by_sha1 on contents (substr(sha1, 1, 8)) where sha1 is not null;
  create index if not exists contents_by_sha256 on contents (substr(sha256, 1, 8)) where sha256 is not null;
  create index if not exists contents_unhashed on contents (due desc) where md5 is null and flaw is null;
  create index if not exists contents_flawed on contents (flaw) where flaw is not null;
  create table if not exists files (
    folder integer not null,
    name integer not null,
    content integer not null,
    primary key (folder, name)
  ) without rowid;
  create index if not exists files_by_name on files (name);
  create index if not exists files_by_content on files (content);
`
