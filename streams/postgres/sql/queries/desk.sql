-- Named queries of what people keep at their desk.

-- name: keep_on_desk
INSERT INTO desk (kind, id, owner, title, body, since) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, id) DO UPDATE
SET owner = excluded.owner, title = excluded.title, body = excluded.body, since = excluded.since;

-- name: clear_desk
DELETE FROM desk WHERE owner = $1 AND kind = $2 AND id IN (
    SELECT id FROM desk WHERE owner = $1 AND kind = $2 ORDER BY since DESC, id DESC OFFSET $3
);

-- name: on_desk
SELECT kind, id, owner, title, body, since FROM desk WHERE kind = $1 AND id = $2;

-- name: desk_of
SELECT kind, id, owner, title, body, since FROM desk WHERE owner = $1 AND kind = $2
ORDER BY since DESC, id DESC;

-- name: drop_from_desk
DELETE FROM desk WHERE kind = $1 AND id = $2;

-- name: purge_desk
DELETE FROM desk WHERE kind = $1 AND since < $2;
