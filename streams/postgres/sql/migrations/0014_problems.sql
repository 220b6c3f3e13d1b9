-- Enterprises' problems, the months of their pool, and the looks back.

CREATE TABLE problem (
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C",
    chain text COLLATE "C",
    reported timestamptz NOT NULL,
    status text COLLATE "C" NOT NULL,
    lies_open boolean NOT NULL,
    grade text COLLATE "C",
    leader text COLLATE "C",
    department text COLLATE "C",
    merged_into text COLLATE "C",
    closing text COLLATE "C",
    closed_in text COLLATE "C",
    carried_in text COLLATE "C",
    reopened bigint NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX problem_in_pool ON problem (lies_open, reported);
CREATE INDEX problem_of_department ON problem (department, lies_open);
CREATE INDEX problem_of_enterprise ON problem (enterprise, reported);
CREATE INDEX problem_closed_in ON problem (closed_in);

CREATE TABLE pool (
    month text COLLATE "C" NOT NULL,
    cleared timestamptz,
    closed bigint NOT NULL,
    carried bigint NOT NULL,
    PRIMARY KEY (month)
);

CREATE TABLE look_back (
    month text COLLATE "C" NOT NULL,
    seed text COLLATE "C" NOT NULL,
    population text COLLATE "C" NOT NULL,
    members bigint NOT NULL,
    PRIMARY KEY (month)
);

CREATE TABLE look_back_sample (
    month text COLLATE "C" NOT NULL,
    problem text COLLATE "C" NOT NULL,
    PRIMARY KEY (month, problem)
);
