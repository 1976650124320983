-- Who did what. Rows are only ever added.
create table audit_entries (
  id bigint generated always as identity primary key,
  at bigint not null,
  actor text not null,
  user_id integer,
  act text not null,
  object text not null,
  detail jsonb not null
);
create index audit_entries_act on audit_entries (act, id desc);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are only ever added';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
