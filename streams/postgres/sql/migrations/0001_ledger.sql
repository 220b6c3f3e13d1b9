-- The ledger: entries, the cells folded from them, and the first outcome of every command.
-- One schema is one planning domain; nothing in it is shared with another.

-- The last position handed out. Its row lock is the last that a transaction takes, so positions
-- have no gaps and their order is the order of commits.
CREATE TABLE head (
    domain text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);
CREATE UNIQUE INDEX head_is_one ON head ((true));
INSERT INTO head VALUES ('main', 0);

CREATE TABLE entry (
    position bigint PRIMARY KEY CHECK (position > 0),
    stream text COLLATE "C" NOT NULL,
    sequence integer NOT NULL CHECK (sequence > 0),
    type text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT entry_place UNIQUE (stream, sequence)
);

-- A cell without a state was locked before it existed; readers do not see it.
CREATE TABLE cell (
    key text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL CHECK (version >= 0),
    sequence integer NOT NULL CHECK (sequence >= 0),
    state bytea
) WITH (fillfactor = 80);

CREATE TABLE effect (
    source text COLLATE "C",
    id text COLLATE "C",
    hash text NOT NULL,
    status text NOT NULL,
    about text NOT NULL,
    objections bytea NOT NULL,
    CONSTRAINT effect_once PRIMARY KEY (source, id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- By statement, so that it also answers a change that would touch no row, and TRUNCATE.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON effect
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
