alter table scans add column paused_at bigint;
alter table scan_results drop constraint scan_results_state_check;
alter table scan_results add constraint scan_results_state_check
  check (state in ('sent', 'running', 'paused', 'done', 'failed', 'cancelled'));
-- How often an agent began it anew.
alter table scan_results add column restarts integer not null default 0;
