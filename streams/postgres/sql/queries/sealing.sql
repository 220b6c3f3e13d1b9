-- Named queries of the seals.

-- name: latest_checkpoint
SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: checkpoint_from
SELECT size, note FROM checkpoint WHERE size >= $1 ORDER BY size LIMIT 1;

-- name: checkpoints
SELECT size, note FROM checkpoint ORDER BY size;

-- name: add_checkpoint
-- Only a larger tree than all before; who comes second with the same finds nothing inserted.
INSERT INTO checkpoint (size, note)
SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM checkpoint WHERE size >= $1)
RETURNING size;

-- name: add_tiles
INSERT INTO tile (level, index, hashes)
SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS new (level, index, hashes)
ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes;

-- name: tiles
SELECT level, index, hashes
FROM tile JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, index) USING (level, index);

-- name: cosignatures
SELECT size, name, key_id, value FROM cosignature
WHERE size BETWEEN $1 AND $2 ORDER BY size, name, key_id;

-- name: add_cosignatures
INSERT INTO cosignature (size, name, key_id, value)
SELECT $1, * FROM unnest($2::text[], $3::bytea[], $4::bytea[])
    AS new (name, key_id, value)
ON CONFLICT DO NOTHING;

-- name: entry_rows
SELECT position, stream, sequence, type, body FROM entry
WHERE position > $1 ORDER BY position LIMIT $2;
