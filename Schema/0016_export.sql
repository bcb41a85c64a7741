-- Months written into a folder, how the shop's books are to be exported, and when the feed was away.

ALTER TABLE shop
    ADD COLUMN export_months boolean NOT NULL DEFAULT true,          -- whether months that are over are written into the daemon's folder
    ADD COLUMN export_grace_days integer NOT NULL DEFAULT 0,         -- days after a month's end that an open month waits for late facts
    ADD COLUMN journal_accounts jsonb NOT NULL DEFAULT '{}',         -- accounts and tax rate as the accounting program knows them
    ADD CONSTRAINT shop_export_grace_range CHECK (export_grace_days BETWEEN 0 AND 31),
    ADD CONSTRAINT shop_journal_accounts_object CHECK (jsonb_typeof(journal_accounts) = 'object');

-- Whether a month's books are open, closed or were opened again, and the closing that says so. Closing a month closes those before it.
CREATE FUNCTION month_books(p_shop bigint, p_month date) RETURNS TABLE (state text, close_id bigint) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN c.close_id IS NULL THEN 'open' WHEN c.reopened_at IS NULL THEN 'closed' ELSE 'reopened' END, c.close_id
      FROM (SELECT) AS one
      LEFT JOIN LATERAL (
        SELECT * FROM period_close p WHERE p.shop_id = p_shop AND p.month >= p_month
         ORDER BY (p.reopened_at IS NULL) DESC, CASE WHEN p.reopened_at IS NULL THEN -p.close_id ELSE p.close_id END DESC LIMIT 1) c ON true
$$;

-- A month as it was, or is to be, written into a folder. Another row, the next revision, when its books were closed or opened again since.
CREATE TABLE month_export (
    shop_id         bigint NOT NULL,
    month           date NOT NULL,                  -- its first day
    revision        integer NOT NULL,               -- from 1
    export_key      uuid NOT NULL,                  -- stands in the manifest: whose folder it is
    books           text NOT NULL,                  -- open, closed, reopened: as they were when its writing began
    close_id        bigint,                         -- the closing that says so
    asked_at        timestamptz NOT NULL,
    lease_owner     text,                           -- who writes it just now
    lease_until     timestamptz,
    failures        integer NOT NULL DEFAULT 0,     -- in a row
    error           text,                           -- of the last one
    next_try_at     timestamptz NOT NULL,
    made_at         timestamptz,                    -- NULL: not yet
    folder          text,                           -- its name within the shop's
    manifest_sha256 text,
    CONSTRAINT month_export_pkey PRIMARY KEY (shop_id, month, revision),
    CONSTRAINT month_export_shop_known FOREIGN KEY (shop_id) REFERENCES shop,
    CONSTRAINT month_export_month_first CHECK (extract(day FROM month) = 1),
    CONSTRAINT month_export_books_known CHECK (books IN ('open', 'closed', 'reopened')),
    CONSTRAINT month_export_made_whole CHECK ((made_at IS NULL) = (folder IS NULL) AND (made_at IS NULL) = (manifest_sha256 IS NULL))
);
CREATE UNIQUE INDEX month_export_waiting_unique ON month_export (shop_id, month) WHERE made_at IS NULL;

-- When a shop could not be read, and what its orders were seen to be afterwards.
CREATE TABLE feed_outage (
    shop_id    bigint NOT NULL,
    began_at   timestamptz NOT NULL,                -- the first pass that failed
    ended_at   timestamptz,                         -- the first that went well; NULL: it lasts
    error_kind text NOT NULL,                       -- of the first failure
    recovered  bigint NOT NULL DEFAULT 0,           -- orders that were new or another, up to the end of the first whole pass after it
    counted    boolean NOT NULL DEFAULT false,      -- that pass was made
    CONSTRAINT feed_outage_pkey PRIMARY KEY (shop_id, began_at),
    CONSTRAINT feed_outage_shop_known FOREIGN KEY (shop_id) REFERENCES shop,
    CONSTRAINT feed_outage_ends_later CHECK (ended_at >= began_at),
    CONSTRAINT feed_outage_counted_ended CHECK (ended_at IS NOT NULL OR NOT counted)
);
CREATE UNIQUE INDEX feed_outage_running_unique ON feed_outage (shop_id) WHERE NOT counted;
