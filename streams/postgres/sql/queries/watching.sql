-- Named queries of the watch: what the rules over many entries found and remember.

-- name: watched
SELECT key, body FROM watched;

-- name: watched_one
SELECT body FROM watched WHERE key = $1;

-- name: lock_watched
LOCK TABLE watched IN SHARE ROW EXCLUSIVE MODE;

-- name: keep_watched
INSERT INTO watched (key, body) SELECT * FROM unnest($1::text[], $2::bytea[])
ON CONFLICT (key) DO UPDATE SET body = excluded.body;

-- name: drop_watched
DELETE FROM watched WHERE key = ANY($1::text[]);

-- name: clear_watched
DELETE FROM watched;
