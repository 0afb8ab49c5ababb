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

-- How far into each log search has read (seq), and the seq of the last entry that was left behind: a log begins after
-- it.
ALTER TABLE conv ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conv ADD COLUMN tail INTEGER NOT NULL DEFAULT 0;

-- What is looked up in: no text, only where each word is. rowid is the msg's id; words and nick are made by words.py.
CREATE VIRTUAL TABLE found USING fts5 (
    words, nick, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
-- sqlite_index.py merges, a little at a time. What is taken out is overwritten, not only marked.
INSERT INTO found (found, rank) VALUES ('automerge', 0), ('usermerge', 8), ('crisismerge', 64), ('secure-delete', 1);
CREATE VIRTUAL TABLE found_word USING fts5vocab ('found', 'instance');
