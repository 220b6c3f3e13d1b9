-- Named queries of programs that run once per domain.

-- name: try_lead
SELECT pg_try_advisory_lock($1);

-- name: still_leads
-- The two halves of the key, as the server keeps them.
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
      AND ((classid::bigint << 32) | objid::bigint) = $1
);

-- name: stop_leading
SELECT pg_advisory_unlock($1);
