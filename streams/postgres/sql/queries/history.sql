-- Named queries of a case's history.

-- name: entries_of_streams
SELECT body FROM entry WHERE stream = ANY ($1::text[]) ORDER BY position;
