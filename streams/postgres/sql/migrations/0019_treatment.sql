-- Differentiated supervision: gradings by their days, marks for a time, acts without a visit, lists of
-- codes; and chains, projects, meetings, packages, monitoring points. Read models like those of 0003.

CREATE TABLE grading (
    enterprise text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    since date,
    risk text COLLATE "C" NOT NULL,
    credit text COLLATE "C" NOT NULL,
    source text COLLATE "C",
    PRIMARY KEY (enterprise, number)
);
CREATE INDEX grading_since ON grading (since, enterprise);

CREATE TABLE mark (
    enterprise text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    since date NOT NULL,
    until date,
    ended date,
    cause text COLLATE "C",
    PRIMARY KEY (enterprise, id)
);
CREATE INDEX mark_of_kind ON mark (kind, enterprise);

CREATE TABLE code_list (
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    entries bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE act (
    id text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX act_of_department ON act (department, day);

CREATE TABLE chain (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    leader text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE project (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    leader text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    chain text COLLATE "C",
    done date,
    PRIMARY KEY (id)
);
CREATE INDEX project_of_chain ON project (chain);
CREATE INDEX project_of_enterprise ON project (enterprise);

CREATE TABLE meeting (
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    day date NOT NULL,
    chain text COLLATE "C",
    invited bigint NOT NULL,
    held date,
    called_off boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX meeting_on ON meeting (day);

CREATE TABLE package (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE pulse (
    enterprise text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    answers bigint NOT NULL,
    missed bigint NOT NULL,
    ended boolean NOT NULL,
    PRIMARY KEY (enterprise)
);
