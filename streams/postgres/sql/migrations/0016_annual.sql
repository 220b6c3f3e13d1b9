-- Annual plans, and what requests cite of them: read models like those of 0003. Whoever upgrades has
-- requests from before, none of which cited a line.

CREATE TABLE annual (
    department text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    late boolean NOT NULL,
    approved bigint NOT NULL,
    published bigint NOT NULL,
    lines bigint NOT NULL,
    entries bigint NOT NULL,
    PRIMARY KEY (department, year)
);
CREATE INDEX annual_of_year ON annual (year, department);

ALTER TABLE request ADD COLUMN plan_line text COLLATE "C";
ALTER TABLE request ADD COLUMN off_plan boolean NOT NULL DEFAULT false;
ALTER TABLE request ALTER COLUMN off_plan DROP DEFAULT;
