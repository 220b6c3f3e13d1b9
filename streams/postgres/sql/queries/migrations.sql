-- Named queries of the migrations runner.

-- name: create_record
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    hash text NOT NULL
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
