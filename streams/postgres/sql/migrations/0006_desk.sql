-- What people keep at their desk: drafts, saved views, files on their way, addresses of feeds.
-- Operational, like sessions: no fact of the ledger, and nothing that a replay makes.

CREATE TABLE desk (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    title text NOT NULL,
    body bytea NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX desk_of_owner ON desk (owner, kind, since);
