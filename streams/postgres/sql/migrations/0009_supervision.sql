-- Draws, alerts taken up, sealed visits, identities opened: read models like those of 0003. And what
-- the rules over many entries found and remember, up to which entry: operational, a replay makes it anew.

CREATE TABLE draw (
    id text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    title text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    opened timestamptz NOT NULL,
    window_first date NOT NULL,
    window_last date NOT NULL,
    members bigint NOT NULL,
    inspectors bigint NOT NULL,
    drawn bigint NOT NULL,
    repeats text COLLATE "C",
    PRIMARY KEY (id)
);
CREATE INDEX draw_of_lead ON draw (lead, number);

CREATE TABLE draw_department (
    draw text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    PRIMARY KEY (draw, department)
);
CREATE INDEX draw_of_department ON draw_department (department, draw);

CREATE TABLE alert (
    id text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C",
    taken_up timestamptz NOT NULL,
    taken_up_by text COLLATE "C" NOT NULL,
    finding text COLLATE "C",
    handed_over boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE alert_asked (
    alert text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    answered boolean NOT NULL,
    PRIMARY KEY (alert, department)
);
CREATE INDEX alert_of_department ON alert_asked (department, alert);

CREATE TABLE sealed (
    id text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    day date NOT NULL,
    half text COLLATE "C",
    units bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    looks bigint NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX sealed_of_department ON sealed (department, day);

CREATE TABLE identity (
    id text COLLATE "C" NOT NULL,
    visit text COLLATE "C" NOT NULL,
    asked_by text COLLATE "C" NOT NULL,
    granted_by text COLLATE "C",
    seen bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE watched (
    key text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (key)
);
