-- Named queries of jobs.

-- name: post_job
INSERT INTO job (id, kind, args, tries) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING;

-- name: claim_job
-- Who looks at the same time passes by a row that somebody is just claiming.
UPDATE job SET claimed_by = $2, claimed_until = $4, tries = tries + 1
WHERE id = (
    SELECT id FROM job
    WHERE outcome IS NULL AND kind = $1 AND (claimed_until IS NULL OR claimed_until <= $3)
    ORDER BY place
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, args, tries, answer;

-- name: keep_job
UPDATE job SET claimed_until = $3
WHERE id = $1 AND claimed_by = $2 AND outcome IS NULL
RETURNING id;

-- name: answer_job
-- The first answer stands; who comes later is told it.
UPDATE job SET answer = coalesce(answer, $2) WHERE id = $1 AND outcome IS NULL RETURNING answer;

-- name: finish_job
UPDATE job SET outcome = $3, answer = NULL WHERE id = $1 AND claimed_by = $2 AND outcome IS NULL;

-- name: job_outcome
SELECT outcome FROM job WHERE id = $1;

-- name: stop_job
UPDATE job SET stopping = true WHERE id = $1 AND outcome IS NULL;

-- name: job_stopping
SELECT stopping FROM job WHERE id = $1;
