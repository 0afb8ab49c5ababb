-- Version 1.0: conversations, their entries, and who may log in.

-- Facts about this file: the schema's version, the key and the epoch of its msgids.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY
) STRICT, WITHOUT ROWID;

-- kind is 1 for a room and 2 for a pair of people; the times are ms since the epoch, talk_ts that of the latest
-- PRIVMSG or NOTICE, 0 before the first. An entry's id has 23 bits for the cid.
CREATE TABLE conv (
    cid     INTEGER PRIMARY KEY CHECK (cid < 8388608),
    kind    INTEGER NOT NULL,
    name    TEXT    NOT NULL UNIQUE,
    head    INTEGER NOT NULL,
    last_ts INTEGER NOT NULL,
    talk_ts INTEGER NOT NULL
) STRICT;

-- The conversations that belong to a person: pairs only, rooms have members.
CREATE TABLE party (
    who TEXT    NOT NULL,
    cid INTEGER NOT NULL REFERENCES conv (cid),
    PRIMARY KEY (who, cid)
) STRICT, WITHOUT ROWID;

-- The log: id is cid << 40 | seq, so that every stretch of history is a run of the primary key. No other index: ts
-- rises with seq within a conversation. What the kinds mean is written in rows.py.
CREATE TABLE msg (
    id      INTEGER PRIMARY KEY,
    ts      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    account TEXT    NOT NULL,
    kind    INTEGER NOT NULL,
    body    TEXT,
    tags    TEXT
) STRICT;

-- What was stored under a sender's nonce, for a day; ts is the clock's, to forget by.
CREATE TABLE nonce (
    who   TEXT    NOT NULL,
    nonce TEXT    NOT NULL,
    id    INTEGER NOT NULL,
    ts    INTEGER NOT NULL,
    PRIMARY KEY (who, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_ts ON nonce (ts);

CREATE TABLE account (
    key     TEXT    PRIMARY KEY,
    name    TEXT    NOT NULL,
    secret  TEXT    NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
