-- Pictures of what was signed on paper. Beside the ledger, which holds the hash of each; a replay does
-- not make them, so a backup must have them. The bytes are sealed by the vault.

CREATE TABLE scan (
    sha256 text COLLATE "C" PRIMARY KEY,
    media text NOT NULL,
    size bigint NOT NULL,
    sealed text NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX scan_since ON scan (since);
