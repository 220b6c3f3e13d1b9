-- What the ledger does not hold: rejected bytes, what waits for delivery, and the vault's keys.

-- The sealed bytes of rejected inputs, for a limited time.
CREATE TABLE input (
    id text COLLATE "C" PRIMARY KEY,
    source text NOT NULL,
    received timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX input_expires ON input (expires);

-- What people must be told. It follows from the entries, so a replay finds the same rows.
CREATE TABLE notification (
    id text COLLATE "C" CONSTRAINT notification_once PRIMARY KEY,
    recipient text NOT NULL,
    addressee text NOT NULL,
    template text NOT NULL,
    params text NOT NULL,
    about text NOT NULL,
    ordinal bigint NOT NULL
);
CREATE INDEX notification_about ON notification (about);

-- What became of them. No replay knows that.
CREATE TABLE delivery (
    notification text COLLATE "C" PRIMARY KEY REFERENCES notification,
    position bigint NOT NULL,
    line integer NOT NULL,
    channel text
);
CREATE INDEX delivery_waiting ON delivery (position, line) WHERE channel IS NULL;

-- Data keys of the vault, wrapped by a master key that never enters the database.
CREATE TABLE subject_key (
    subject text COLLATE "C" PRIMARY KEY,
    wrapped bytea NOT NULL
);
