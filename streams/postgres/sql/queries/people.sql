-- Named queries of accounts and sessions.

-- name: account
SELECT name, hash, role, "of", open FROM account WHERE name = $1;

-- name: accounts
SELECT name, hash, role, "of", open FROM account ORDER BY name;

-- name: keep_account
INSERT INTO account (name, hash, role, "of", open) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO UPDATE
SET hash = excluded.hash, role = excluded.role, "of" = excluded."of", open = excluded.open;

-- name: begin_session
INSERT INTO session (digest, actor, role, "of", demo, since, seen) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session
SELECT digest, actor, role, "of", demo, since, seen FROM session WHERE digest = $1;

-- name: touch_session
UPDATE session SET seen = $2 WHERE digest = $1;

-- name: end_session
DELETE FROM session WHERE digest = $1;

-- name: end_sessions
DELETE FROM session WHERE actor = $1 RETURNING digest;

-- name: purge_sessions
DELETE FROM session WHERE since < $1 OR seen < $2 RETURNING digest;
