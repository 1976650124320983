-- Not a column default: a number that was signed once is never used again, even if the deployment failed.
create sequence deployment_revisions as bigint;

create table deployments (
  revision bigint primary key,
  -- Digest of the manifest, whose bytes are an object.
  digest text not null references objects,
  signature text not null,
  -- Digest of programs and settings alone: the same content is not deployed twice.
  content text not null,
  previous bigint not null,
  programs text[] not null,
  blobs text[] not null,
  -- Bytes of all programs.
  size bigint not null,
  created_at bigint not null,
  created_by text not null,
  expires_at bigint not null,
  -- When every endpoint that was there had answered.
  settled_at bigint
);

create table deployment_acks (
  revision bigint not null references deployments,
  endpoint uuid not null references endpoints,
  state text not null check (state in ('activated', 'refused')),
  -- Why the whole set was refused.
  code text,
  program text,
  -- Programs that this endpoint cannot load: [{program, code, message}].
  refused jsonb not null default '[]',
  at bigint not null,
  primary key (revision, endpoint)
);
