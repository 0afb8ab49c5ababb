-- Version 1.1: what holds until it is changed, beside what happened.

-- value is JSON. What the scopes and fields mean is written where they are made, in hub/.
CREATE TABLE fact (
    scope TEXT NOT NULL,
    key   TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (scope, key, field)
) STRICT, WITHOUT ROWID;
