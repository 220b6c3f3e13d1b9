-- What spares an enterprise an entry: off-site tasks, bundles of a trade, joint visits, campaigns, leads.
-- Read models like those of 0003. Items and requests of before name none of them.

CREATE TABLE off_site (
    id text COLLATE "C" PRIMARY KEY,
    department text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    way text COLLATE "C" NOT NULL,
    items bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    result text COLLATE "C",
    opened date NOT NULL,
    ended date
);
CREATE INDEX off_site_of_enterprise ON off_site (enterprise, id);
CREATE INDEX off_site_of_department ON off_site (department, id);

CREATE TABLE bundle (
    id text COLLATE "C" PRIMARY KEY,
    title text COLLATE "C" NOT NULL,
    trades bigint NOT NULL,
    departments bigint NOT NULL
);

CREATE TABLE joint (
    id text COLLATE "C" PRIMARY KEY,
    bundle text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    proposed date NOT NULL,
    parts bigint NOT NULL,
    joined bigint NOT NULL,
    declined bigint NOT NULL
);
CREATE INDEX joint_of_month ON joint (month, id);

CREATE TABLE joint_part (
    joint text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    request text COLLATE "C",
    PRIMARY KEY (joint, department)
);
CREATE INDEX joint_part_of_department ON joint_part (department, joint);

CREATE TABLE campaign (
    id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    window_first date NOT NULL,
    window_last date NOT NULL
);

CREATE TABLE lead (
    id text COLLATE "C" PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    recipient text COLLATE "C",
    county text COLLATE "C",
    enterprise text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    outcome text COLLATE "C",
    handed_over date NOT NULL
);
CREATE INDEX lead_of_sender ON lead (sender, id);
CREATE INDEX lead_of_recipient ON lead (recipient, id);

ALTER TABLE item ADD COLUMN standard text COLLATE "C";
ALTER TABLE item ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE request ADD COLUMN on_site text COLLATE "C";
ALTER TABLE request ADD COLUMN campaign text COLLATE "C";
ALTER TABLE request ADD COLUMN joint text COLLATE "C";
