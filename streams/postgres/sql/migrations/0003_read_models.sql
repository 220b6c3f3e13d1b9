-- Read models: what pages read, written in the transaction of the entries they follow from.
-- streams/readmodels/tables.py describes the same tables; a test compares the two. No clocks, no
-- serial numbers, no defaults: a replay must find the same bytes. Counts are bigint because people
-- may send any whole number up to 2^53. Texts sort by their bytes, on every server alike.

-- The registry.
CREATE TABLE department (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL,
    enforcement_subject boolean NOT NULL,
    unit text COLLATE "C" NOT NULL,
    daily_units bigint NOT NULL,
    ordinary_units bigint NOT NULL,
    teams bigint NOT NULL,
    generated boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE officer (
    id text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    licence text COLLATE "C",
    licence_until date,
    generated boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE recusal (
    officer text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    PRIMARY KEY (officer, enterprise)
);

CREATE TABLE enterprise (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    site text COLLATE "C" NOT NULL,
    township text COLLATE "C",
    industry text COLLATE "C",
    affiliation text COLLATE "C",
    risk text COLLATE "C" NOT NULL,
    credit text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL,
    key_enterprise boolean NOT NULL,
    generated boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE closed_day (
    enterprise text COLLATE "C" NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (enterprise, day)
);

CREATE TABLE item (
    id text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    basis text COLLATE "C" NOT NULL,
    published boolean NOT NULL,
    minutes bigint NOT NULL,
    generated boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE policy_layer (
    line bigint NOT NULL,
    policy text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    adoption bigint NOT NULL,
    as_if_from date,
    PRIMARY KEY (line)
);

CREATE TABLE calendar (
    year bigint NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    PRIMARY KEY (year)
);

CREATE TABLE capacity (
    department text COLLATE "C" NOT NULL,
    day date NOT NULL,
    units bigint NOT NULL,
    PRIMARY KEY (department, day)
);

CREATE TABLE baseline (
    department text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    month bigint NOT NULL,
    entries bigint NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    PRIMARY KEY (department, year, month)
);

-- Requests.
CREATE TABLE request (
    id text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    lane text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    window_first date NOT NULL,
    window_last date NOT NULL,
    duration bigint NOT NULL,
    people bigint NOT NULL,
    announced boolean NOT NULL,
    ground text COLLATE "C",
    reference text COLLATE "C",
    last_legal_date date,
    submitted timestamptz NOT NULL,
    submitted_by text COLLATE "C" NOT NULL,
    approved boolean NOT NULL,
    confirmed boolean NOT NULL,
    objections bigint NOT NULL,
    unplaced text COLLATE "C",
    carried bigint NOT NULL,
    visit text COLLATE "C",
    day date,
    generated boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE approval (
    request text COLLATE "C" NOT NULL,
    line bigint NOT NULL,
    role text COLLATE "C" NOT NULL,
    decision text COLLATE "C" NOT NULL,
    given timestamptz NOT NULL,
    given_by text COLLATE "C" NOT NULL,
    on_paper boolean NOT NULL,
    PRIMARY KEY (request, line)
);

CREATE TABLE objection (
    about text COLLATE "C" NOT NULL,
    line bigint NOT NULL,
    rule text COLLATE "C" NOT NULL,
    cap text COLLATE "C",
    PRIMARY KEY (about, line)
);

-- Plans.
CREATE TABLE month (
    month text COLLATE "C" NOT NULL,
    closed boolean NOT NULL,
    drafted bigint NOT NULL,
    published bigint NOT NULL,
    answer_by date,
    PRIMARY KEY (month)
);

CREATE TABLE draft (
    month text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    answer_by date NOT NULL,
    lines bigint NOT NULL,
    unplaced bigint NOT NULL,
    entries bigint NOT NULL,
    entries_bound bigint NOT NULL,
    objective bigint NOT NULL,
    bound bigint NOT NULL,
    snapshot text COLLATE "C" NOT NULL,
    seed bigint NOT NULL,
    step bigint NOT NULL,
    PRIMARY KEY (month, version)
);

CREATE TABLE draft_line (
    month text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    visit text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    day date NOT NULL,
    half text COLLATE "C",
    lead text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    departments bigint NOT NULL,
    requests bigint NOT NULL,
    PRIMARY KEY (month, version, visit)
);

CREATE TABLE draft_unplaced (
    month text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    request text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    cause text COLLATE "C" NOT NULL,
    carried boolean NOT NULL,
    must boolean NOT NULL,
    PRIMARY KEY (month, version, request)
);

CREATE TABLE draft_answer (
    month text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    line bigint NOT NULL,
    department text COLLATE "C" NOT NULL,
    visit text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    PRIMARY KEY (month, version, line)
);

-- Visits.
CREATE TABLE visit (
    id text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    day date NOT NULL,
    half text COLLATE "C",
    month text COLLATE "C",
    lane text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    exempt text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    departments bigint NOT NULL,
    requests bigint NOT NULL,
    announced boolean NOT NULL,
    approval_to_follow boolean NOT NULL,
    approved boolean NOT NULL,
    filing text COLLATE "C",
    filed timestamptz,
    filing_late boolean NOT NULL,
    filing_back_dated boolean NOT NULL,
    coded boolean NOT NULL,
    serial text COLLATE "C",
    code_revoked boolean NOT NULL,
    external_code text COLLATE "C",
    entered timestamptz,
    offline boolean NOT NULL,
    late_reason boolean NOT NULL,
    left_at timestamptz,
    no_entry text COLLATE "C",
    outcomes bigint NOT NULL,
    found boolean NOT NULL,
    rated text COLLATE "C",
    PRIMARY KEY (id)
);

CREATE TABLE visit_part (
    visit text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    enterprise text COLLATE "C" NOT NULL,
    day date NOT NULL,
    lead boolean NOT NULL,
    units bigint NOT NULL,
    requests bigint NOT NULL,
    items bigint NOT NULL,
    officers bigint NOT NULL,
    absent boolean NOT NULL,
    outcome boolean NOT NULL,
    found boolean NOT NULL,
    measure text COLLATE "C",
    PRIMARY KEY (visit, department)
);

CREATE TABLE visit_officer (
    visit text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    day date NOT NULL,
    half text COLLATE "C",
    PRIMARY KEY (visit, department, officer)
);

-- Apart from the visit, so that who may read visits need not see the grade.
CREATE TABLE rating (
    visit text COLLATE "C" NOT NULL,
    grade text COLLATE "C" NOT NULL,
    beyond_items boolean NOT NULL,
    forward boolean NOT NULL,
    PRIMARY KEY (visit)
);

-- Counts, dates, refusals.
CREATE TABLE tally (
    key text COLLATE "C" NOT NULL,
    family text COLLATE "C" NOT NULL,
    reserved bigint NOT NULL,
    used bigint NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE deadline (
    id text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    since date NOT NULL,
    working_days bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE refusal (
    id text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    objections bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE rejection (
    id text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (id)
);

-- What pages ask for.
CREATE INDEX officer_department ON officer (department);
CREATE INDEX item_department ON item (department);
CREATE INDEX enterprise_township ON enterprise (township);
CREATE INDEX request_month ON request (month, status);
CREATE INDEX request_department ON request (department, month, status);
CREATE INDEX request_enterprise ON request (enterprise, window_first);
CREATE INDEX request_status ON request (status, submitted);
CREATE INDEX objection_rule ON objection (rule);
CREATE INDEX visit_day ON visit (day, enterprise);
CREATE INDEX visit_enterprise ON visit (enterprise, day);
CREATE INDEX visit_month ON visit (month, status);
CREATE INDEX visit_status ON visit (status, day);
CREATE INDEX visit_part_department ON visit_part (department, day);
CREATE INDEX visit_officer_officer ON visit_officer (officer, day);
CREATE INDEX deadline_open ON deadline (owner, since) WHERE status = 'open';
CREATE INDEX deadline_about ON deadline (about);
