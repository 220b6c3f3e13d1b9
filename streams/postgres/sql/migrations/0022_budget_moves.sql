-- Units of a binding budget that somebody asked to move: a read model like those of 0003.

CREATE TABLE budget_move (
    id text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    giver text COLLATE "C" NOT NULL,
    giver_month text COLLATE "C" NOT NULL,
    taker text COLLATE "C" NOT NULL,
    taker_month text COLLATE "C" NOT NULL,
    units bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    asked date NOT NULL,
    PRIMARY KEY (id)
);
