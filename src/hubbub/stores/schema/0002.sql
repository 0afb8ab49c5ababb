-- Version 1.1: what holds until it is changed, beside what happened.

-- value is JSON, ts is when it came to hold (ms). What the scopes and fields mean is written where they are made, in
-- hub/.
CREATE TABLE fact (
    scope TEXT    NOT NULL,
    key   TEXT    NOT NULL,
    field TEXT    NOT NULL,
    value TEXT    NOT NULL,
    ts    INTEGER NOT NULL,
    PRIMARY KEY (scope, key, field)
) STRICT, WITHOUT ROWID;

-- What else an account has, as JSON; sqlite_accounts.py says which. A deleted account keeps its name, with an empty
-- secret: what was said to it must not fall to whoever takes the name next.
ALTER TABLE account ADD COLUMN details TEXT;

-- The client certificates that lead to an account.
CREATE TABLE cert (
    fingerprint TEXT PRIMARY KEY,
    account     TEXT NOT NULL REFERENCES account (key)
) STRICT, WITHOUT ROWID;
CREATE INDEX cert_account ON cert (account);

-- Codes that let somebody make an account, hashed; created is in ms.
CREATE TABLE invitation (
    code    TEXT    PRIMARY KEY,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
