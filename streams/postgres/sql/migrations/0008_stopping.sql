-- Somebody wants a job to end early with the best that it has; whoever holds it looks now and then.
ALTER TABLE job ADD COLUMN stopping boolean NOT NULL DEFAULT false;
