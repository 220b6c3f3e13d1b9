-- Named queries about what the application's role may do.

-- name: rights
-- Every table of a schema, whether it is append-only, and what a role was given on it.
SELECT
    c.relname AS "table",
    EXISTS (
        SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only'
    ) AS append_only,
    ARRAY(
        SELECT a.privilege_type FROM aclexplode(c.relacl) AS a
        JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE r.rolname = $2::text ORDER BY a.privilege_type
    ) AS held
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p')
ORDER BY c.relname;

-- name: may_enter
SELECT has_schema_privilege($2::text, oid, 'USAGE') FROM pg_namespace WHERE nspname = $1::text;

-- name: may_alter
-- Whoever owns a schema, or is a superuser, may change its tables; where there is none yet, who may make it.
SELECT coalesce(
    (
        SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1::text
    ),
    has_database_privilege(current_database(), 'CREATE')
);

-- name: role_exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text);
