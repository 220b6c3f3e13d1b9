-- Named queries of what the server says of itself.

-- name: server_settings
SELECT name, setting FROM pg_settings
WHERE name IN (
    'fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'max_connections'
);

-- name: server_facts
SELECT
    clock_timestamp() AS now,
    (SELECT count(*) FROM pg_stat_activity) AS connections,
    coalesce(
        (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1::text), false
    ) AS owner;
