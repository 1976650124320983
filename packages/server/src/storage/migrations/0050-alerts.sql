create sequence alert_ids as bigint;

create table alerts (
  id bigint not null,
  raised_at bigint not null,
  guid uuid not null,
  endpoint uuid not null,
  computer_name text not null,
  computer_address text not null,
  platform text not null,
  intel integer not null,
  revision integer not null,
  kind text not null,
  mode text not null,
  match_type text not null,
  path text not null,
  priority text not null,
  severity text not null,
  state text not null default 'unresolved',
  finding jsonb not null,
  count bigint not null,
  -- Findings that were only counted.
  throttled bigint not null,
  last_at bigint not null,
  changed_at bigint not null,
  primary key (id, raised_at)
) partition by range (raised_at);
create table alerts_default partition of alerts default;
create index alerts_raised_at on alerts (raised_at desc, id desc);
create index alerts_state on alerts (state, raised_at desc);
create index alerts_intel on alerts (intel, state);
create index alerts_endpoint on alerts (endpoint, raised_at desc);
create index alerts_computer_name on alerts (lower(computer_name));
create index alerts_guid on alerts (guid);

-- What makes a finding raise once: a unique key over the partitions of alerts is impossible.
create table finding_receipts (
  endpoint uuid not null,
  finding text not null,
  alert bigint not null,
  raised_at bigint not null,
  intel integer not null,
  -- When the receipt was written; `raised_at` is that of the alert.
  received_at bigint not null,
  primary key (endpoint, finding)
);
create index finding_receipts_flood on finding_receipts (endpoint, intel, received_at desc);

create table alert_history (
  id bigint generated always as identity primary key,
  alert bigint not null,
  at bigint not null,
  actor text not null,
  from_state text not null,
  to_state text not null
);
create index alert_history_alert on alert_history (alert, id);

-- Makes the month that holds `micros` a partition of its own, unless the default partition has rows of it already.
create function create_alert_partition(micros bigint) returns void language plpgsql as $$
declare
  month timestamp := date_trunc('month', to_timestamp(micros / 1000000.0) at time zone 'UTC');
  low bigint := extract(epoch from month)::bigint * 1000000;
  high bigint := extract(epoch from month + interval '1 month')::bigint * 1000000;
  part text := 'alerts_' || to_char(month, 'YYYY_MM');
begin
  perform pg_advisory_xact_lock(7402350);
  if to_regclass(part) is not null then return; end if;
  if exists (select from alerts_default where raised_at >= low and raised_at < high) then return; end if;
  execute format('create table %I partition of alerts for values from (%s) to (%s)', part, low, high);
end $$;
