-- Named queries of the pictures that decisions on paper rest on.

-- name: keep_scan
INSERT INTO scan (sha256, media, size, sealed, since) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (sha256) DO NOTHING;

-- name: find_scan
SELECT sha256, media, size, sealed, since FROM scan WHERE sha256 = $1;

-- name: having_scans
SELECT sha256 FROM scan WHERE sha256 = ANY ($1::text[]);

-- name: old_scans
SELECT sha256 FROM scan WHERE since < $1 ORDER BY since, sha256;

-- name: drop_scans
DELETE FROM scan WHERE sha256 = ANY ($1::text[]);
