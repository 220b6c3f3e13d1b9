-- Checkpoints over the ledger, who signed along, and the tiles of its tree.

-- A checkpoint is signed; nothing rests on this table alone.
CREATE TABLE checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note bytea NOT NULL
);
-- The key of a signature is its name and the id of the key, as on its line in the note.
CREATE TABLE cosignature (
    size bigint NOT NULL REFERENCES checkpoint,
    name text COLLATE "C" NOT NULL,
    key_id bytea NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (size, name, key_id)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The last tile of each level grows; a narrower one is the beginning of it.
CREATE TABLE tile (
    level smallint NOT NULL CHECK (level >= 0),
    index bigint NOT NULL CHECK (index >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) <= 8192),
    PRIMARY KEY (level, index)
);
