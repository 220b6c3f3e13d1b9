-- Scorecards and bulletins: read models like those of 0003.

CREATE TABLE scorecard (
    department text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    points bigint NOT NULL,
    possible bigint NOT NULL,
    vetoed boolean NOT NULL,
    PRIMARY KEY (department, period)
);
CREATE INDEX scorecard_of_period ON scorecard (period, department);

CREATE TABLE bulletin (
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    departments bigint NOT NULL,
    PRIMARY KEY (period)
);
