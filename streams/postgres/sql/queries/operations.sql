-- Named queries of what the ledger does not hold.

-- name: add_inputs
INSERT INTO input (id, source, received, expires, body)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bytea[]);

-- name: find_input
SELECT id, source, received, body FROM input WHERE id = $1;

-- name: purge_inputs
DELETE FROM input WHERE expires <= $1 RETURNING id;

-- name: add_notifications
INSERT INTO notification (id, recipient, addressee, template, params, about, ordinal)
SELECT * FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]
);

-- name: add_deliveries
INSERT INTO delivery (notification, position, line)
SELECT id, $1, line FROM unnest($2::text[]) WITH ORDINALITY AS new (id, line);

-- name: due
SELECT n.id, n.recipient, n.addressee, n.template, n.params, n.about, n.ordinal
FROM delivery AS d JOIN notification AS n ON n.id = d.notification
WHERE d.channel IS NULL
ORDER BY d.position, d.line
LIMIT $1;

-- name: delivered
UPDATE delivery SET channel = $2 WHERE notification = ANY ($1::text[]) AND channel IS NULL;

-- name: find_keys
-- A destroyed key is empty: its name stays taken, so that no other key ever has it.
SELECT subject, wrapped FROM subject_key WHERE subject = ANY ($1::text[]) AND wrapped <> '';

-- name: add_keys
INSERT INTO subject_key (subject, wrapped)
SELECT * FROM unnest($1::text[], $2::bytea[]) AS new (subject, wrapped)
ORDER BY subject COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: remove_key
WITH old AS (SELECT subject FROM subject_key WHERE subject = $1 AND wrapped <> '' FOR UPDATE),
taken AS (
    INSERT INTO subject_key (subject, wrapped) VALUES ($1, '')
    ON CONFLICT (subject) DO UPDATE SET wrapped = ''
)
SELECT subject FROM old;

-- name: keys_under
-- The second byte of a wrapped key says by which master key; a destroyed one is empty.
SELECT subject, wrapped FROM subject_key
WHERE length(wrapped) > 1 AND get_byte(wrapped, 1) = $1
ORDER BY subject COLLATE "C"
LIMIT $2;

-- name: replace_keys
UPDATE subject_key SET wrapped = new.after
FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS new (subject, before, after)
WHERE subject_key.subject = new.subject AND subject_key.wrapped = new.before;
