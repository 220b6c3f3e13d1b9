-- Callbacks after bad ratings, and the contact with enterprises.

CREATE TABLE callback (
    id text COLLATE "C" NOT NULL,
    visit text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    reached boolean NOT NULL,
    consent boolean NOT NULL,
    department text COLLATE "C",
    recipient text COLLATE "C",
    answered boolean NOT NULL,
    finding text COLLATE "C",
    PRIMARY KEY (id)
);
CREATE INDEX callback_of_visit ON callback (visit);
CREATE INDEX callback_of_recipient ON callback (recipient);

-- Officials paired with enterprises, their contacts, the territory tree, passes to stay there.

CREATE TABLE territory (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    parent text COLLATE "C",
    head text COLLATE "C",
    PRIMARY KEY (id)
);

CREATE TABLE pairing (
    id text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    official text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    territory text COLLATE "C",
    since date NOT NULL,
    ended date,
    asks text COLLATE "C" NOT NULL,
    contacts bigint NOT NULL,
    missed bigint NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX pairing_of_department ON pairing (department, ended);
CREATE INDEX pairing_of_enterprise ON pairing (enterprise, ended);

CREATE TABLE contact (
    pairing text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    day date NOT NULL,
    way text COLLATE "C" NOT NULL,
    PRIMARY KEY (pairing, number)
);
CREATE INDEX contact_on ON contact (day);

CREATE TABLE presence (
    id text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    revoked date,
    PRIMARY KEY (id)
);
CREATE INDEX presence_of_enterprise ON presence (enterprise, until);
