-- Named queries of the ledger. A name, why it is as it is, the statement.

-- name: add_missing
-- Rows for keys that nobody wrote yet, so that they can be locked like all others.
INSERT INTO cell (key, version, sequence)
SELECT k, 0, 0 FROM unnest($1::text[]) AS k
WHERE NOT EXISTS (SELECT FROM cell WHERE key = k)
ORDER BY k COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: lock_shared
SELECT key, version, sequence, state FROM cell WHERE key = ANY ($1::text[]) ORDER BY key FOR SHARE;

-- name: lock_owned
SELECT key, version, sequence, state FROM cell WHERE key = ANY ($1::text[]) ORDER BY key FOR UPDATE;

-- name: peek
SELECT key, version, sequence, state FROM cell WHERE key = ANY ($1::text[]);

-- name: cells
-- U+10FFFF sorts behind every character that a key may hold.
SELECT key, state FROM cell
WHERE key >= $1 AND key < $1 || U&'\+10FFFF' AND state IS NOT NULL
ORDER BY key;

-- name: effects
SELECT source, id, hash, status, about, objections
FROM effect JOIN unnest($1::text[], $2::text[]) AS wanted (source, id) USING (source, id);

-- name: add_effects
-- In one order for all, because an insert waits for another transaction's insert of the same key.
INSERT INTO effect (source, id, hash, status, about, objections)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
    AS new (source, id, hash, status, about, objections)
ORDER BY source COLLATE "C", id COLLATE "C";

-- name: write_cells
UPDATE cell
SET version = version + 1, sequence = coalesce(new.sequence, cell.sequence), state = new.state
FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS new (key, sequence, state)
WHERE cell.key = new.key;

-- name: advance
-- The last lock of the transaction. Whoever waits here holds all he needs.
UPDATE head SET position = position + $1 RETURNING position;

-- name: add_entries
INSERT INTO entry (position, stream, sequence, type, body)
SELECT $1 + place - 1, stream, sequence, type, body
FROM unnest($2::text[], $3::integer[], $4::text[], $5::bytea[])
    WITH ORDINALITY AS new (stream, sequence, type, body, place);

-- name: position
SELECT position FROM head;

-- name: entries
SELECT position, body FROM entry WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3;
