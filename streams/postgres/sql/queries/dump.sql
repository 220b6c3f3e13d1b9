-- Named queries of backup and restore.

-- name: tables
SELECT c.relname AS "table"
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p');

-- name: counters
-- Columns that number their rows themselves.
SELECT c.relname AS "table", a.attname AS "column"
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND a.attidentity <> '' AND NOT a.attisdropped;
