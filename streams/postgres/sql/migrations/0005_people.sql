-- People who log in. Operational, like jobs: no fact of the ledger, and nothing that a replay makes.

CREATE TABLE account (
    name text COLLATE "C" PRIMARY KEY,
    hash text NOT NULL,
    role text NOT NULL,
    "of" text,
    open boolean NOT NULL
);

-- The cookie itself is kept nowhere: whoever reads this table can log in as nobody.
CREATE TABLE session (
    digest text COLLATE "C" PRIMARY KEY,
    actor text NOT NULL,
    role text NOT NULL,
    "of" text,
    demo boolean NOT NULL,
    since timestamptz NOT NULL,
    seen timestamptz NOT NULL
);
CREATE INDEX session_of_actor ON session (actor);
