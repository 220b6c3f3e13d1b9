-- Long work that a separate process claims, such as solving a month. None of it is a fact: what a
-- job comes to returns as a command, and its id is the command's, so it has its effect once.
CREATE TABLE job (
    id text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL,
    args text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    claimed_by text,
    claimed_until timestamptz,
    tries integer NOT NULL CHECK (tries >= 0),
    outcome text
);
CREATE INDEX job_open ON job (place) WHERE outcome IS NULL;
