-- Named queries of the migrations runner.

-- name: create_record
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    hash text NOT NULL
);

-- name: record_is_there
-- A role that was given nothing yet finds nothing.
SELECT EXISTS (
    SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1::text AND c.relname = 'migration'
        AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
);

-- name: applied
SELECT number, name, hash FROM migration ORDER BY number;

-- name: record
INSERT INTO migration (number, name, hash) VALUES ($1, $2, $3);

-- name: columns
SELECT table_name, column_name, data_type, is_nullable = 'YES' AS empty, column_default
FROM information_schema.columns
WHERE table_schema = $1
ORDER BY table_name, ordinal_position;
