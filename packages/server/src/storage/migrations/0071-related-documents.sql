-- Keys by which documents find those that match more or less than they do (docs/decisions/0011): what a revision's terms
-- say, and what is needed to match more than it. Hashes, so one in common proves nothing.
alter table revisions add column offers integer[] not null default '{}';
alter table revisions add column asks integer[] not null default '{}';
create index revisions_offers on revisions using gin (offers);
create index revisions_asks on revisions using gin (asks);
