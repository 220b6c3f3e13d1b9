-- What a job came to, kept before it is handed in: whoever has to hand it in again hands in the same.
ALTER TABLE job ADD COLUMN answer bytea;
