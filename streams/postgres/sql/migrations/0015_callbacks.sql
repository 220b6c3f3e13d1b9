-- Callbacks after bad ratings.

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
