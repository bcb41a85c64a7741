-- What finance reads, and months that are closed.

-- The ledger as movements: one row per slice of what moves credits or money, with its signs, so that over any set of grants
-- opening + sold - used - expired - refunded + adjusted = closing, in credits and in minor units. Closing credits are those that remain or are held.
CREATE VIEW ledger_move AS
    SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id, e.channel, e.kind, e.actor_id, e.effective_at, s.grant_id, g.order_id, g.line_id,
           g.currency, s.quantity * f.sold AS sold, s.quantity * f.used AS used, s.quantity * f.expired AS expired,
           CASE WHEN g.order_id IS NULL THEN 0 ELSE s.quantity * f.refunded END AS refunded,
           s.quantity * f.adjusted - CASE WHEN g.order_id IS NULL THEN s.quantity * f.refunded ELSE 0 END AS adjusted, -- what is owed no longer
           s.value * f.sold AS sold_minor, s.value * f.used AS used_minor, s.value * f.expired AS expired_minor, s.value * f.refunded AS refunded_minor,
           s.value * f.adjusted AS adjusted_minor, 0::bigint AS corrected_minor
      FROM entry e
      JOIN (VALUES ('grant', 1, 0, 0, 0, 0), ('usage', 0, 1, 0, 0, 0), ('capture', 0, 1, 0, 0, 0), ('reversal', 0, -1, 0, 0, 0), ('expiry', 0, 0, 1, 0, 0),
                   ('revocation', 0, 0, 0, 1, 0), ('restoration', 0, 0, 0, -1, 0), ('adjustment-in', 0, 0, 0, 0, 1), ('overdraft', 0, 0, 0, 0, 1),
                   ('transfer-in', 0, 0, 0, 0, 1), ('adjustment-out', 0, 0, 0, 0, -1), ('transfer-out', 0, 0, 0, 0, -1))
           AS f (kind, sold, used, expired, refunded, adjusted) ON f.kind = e.kind
     CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_quantities, e.slice_values) AS s (grant_id, quantity, value)
      JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = s.grant_id
    UNION ALL
    SELECT r.shop_id, r.revaluation_id, r.ticket_id, NULL, r.channel, 'revaluation', NULL, r.effective_at, r.grant_id, r.order_id, r.line_id, r.currency,
           0, 0, 0, 0, 0, r.sold, 0, 0, r.refunded, -r.recognised, r.recognised
      FROM revaluation r;

CREATE INDEX entry_effective ON entry USING brin (effective_at) WITH (pages_per_range = 32);
CREATE INDEX revaluation_effective ON revaluation (shop_id, effective_at);
CREATE INDEX credit_grant_expires ON credit_grant (shop_id, expires_at); -- what is still owed; a spend does not touch it

---------------------------------------------------------------------------------------------------------------- totals

-- The movements of each day of the shop's zone added up, so that a month of millions of entries is a few rows. Folded from the ledger behind the
-- writers, who know nothing of it; what is not folded yet is added when it is read, so the totals are exact at every moment.
CREATE TABLE ledger_day (
    shop_id         bigint NOT NULL,
    day             date NOT NULL,
    currency        text NOT NULL,
    plan_id         bigint NOT NULL,                -- 0: none
    channel         text NOT NULL,
    kind            text NOT NULL,
    sold            bigint NOT NULL,
    used            bigint NOT NULL,
    expired         bigint NOT NULL,
    refunded        bigint NOT NULL,
    adjusted        bigint NOT NULL,
    sold_minor      bigint NOT NULL,
    used_minor      bigint NOT NULL,
    expired_minor   bigint NOT NULL,
    refunded_minor  bigint NOT NULL,
    adjusted_minor  bigint NOT NULL,
    corrected_minor bigint NOT NULL,
    CONSTRAINT ledger_day_pkey PRIMARY KEY (shop_id, day, currency, plan_id, channel, kind)
);

CREATE TABLE ledger_fold (
    shop_id        bigint NOT NULL,
    time_zone      text NOT NULL,                   -- that the days are of
    folded_through bigint NOT NULL DEFAULT 0,       -- the last id that is in ledger_day
    seen_through   bigint NOT NULL DEFAULT 0,       -- the last id that was given out when it was looked the last time
    seen_before    xid8 NOT NULL DEFAULT '0',       -- who wrote up to it began before this transaction
    CONSTRAINT ledger_fold_pkey PRIMARY KEY (shop_id),
    CONSTRAINT ledger_fold_shop_known FOREIGN KEY (shop_id) REFERENCES shop
);

-- Folds up to p_most ids further. An id is folded only when everybody who could still be writing it or one below it has ended, so that none is missed.
-- Returns how many ids are left that could be folded at once.
CREATE FUNCTION fold_ledger(p_shop bigint, p_most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    f ledger_fold; zone text; through bigint; newest bigint;
BEGIN
    SELECT s.time_zone INTO STRICT zone FROM shop s WHERE s.shop_id = p_shop;
    INSERT INTO ledger_fold (shop_id, time_zone) VALUES (p_shop, zone) ON CONFLICT ON CONSTRAINT ledger_fold_pkey DO NOTHING;
    SELECT * INTO STRICT f FROM ledger_fold x WHERE x.shop_id = p_shop FOR UPDATE;
    IF f.time_zone <> zone THEN                     -- other days
        DELETE FROM ledger_day d WHERE d.shop_id = p_shop;
        f.folded_through := 0;
        UPDATE ledger_fold x SET time_zone = zone, folded_through = 0 WHERE x.shop_id = p_shop;
    END IF;
    IF f.seen_through > f.folded_through AND f.seen_before <= pg_snapshot_xmin(pg_current_snapshot()) THEN
        through := least(f.seen_through, f.folded_through + p_most);
        INSERT INTO ledger_day AS d
        SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date, m.currency, coalesce(l.plan_id, 0), m.channel, m.kind, sum(m.sold), sum(m.used),
               sum(m.expired), sum(m.refunded), sum(m.adjusted), sum(m.sold_minor), sum(m.used_minor), sum(m.expired_minor), sum(m.refunded_minor),
               sum(m.adjusted_minor), sum(m.corrected_minor)
          FROM ledger_move m
          LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
         WHERE m.shop_id = p_shop AND m.entry_id > f.folded_through AND m.entry_id <= through GROUP BY 1, 2, 3, 4, 5, 6
            ON CONFLICT ON CONSTRAINT ledger_day_pkey DO UPDATE
           SET sold = d.sold + excluded.sold, used = d.used + excluded.used, expired = d.expired + excluded.expired,
               refunded = d.refunded + excluded.refunded, adjusted = d.adjusted + excluded.adjusted, sold_minor = d.sold_minor + excluded.sold_minor,
               used_minor = d.used_minor + excluded.used_minor, expired_minor = d.expired_minor + excluded.expired_minor,
               refunded_minor = d.refunded_minor + excluded.refunded_minor, adjusted_minor = d.adjusted_minor + excluded.adjusted_minor,
               corrected_minor = d.corrected_minor + excluded.corrected_minor;
        UPDATE ledger_fold x SET folded_through = through WHERE x.shop_id = p_shop;
        IF through < f.seen_through THEN RETURN f.seen_through - through; END IF;
    END IF;
    -- Looked anew only when all of the last look is folded, or when its transactions are of another cluster (a restored backup).
    IF f.seen_through <= coalesce(through, f.folded_through) OR f.seen_before > pg_snapshot_xmax(pg_current_snapshot()) THEN
        SELECT q.last_value INTO newest FROM entry_entry_id_seq q;
        UPDATE ledger_fold x SET seen_through = newest, seen_before = pg_snapshot_xmax(pg_current_snapshot()) WHERE x.shop_id = p_shop;
    END IF;
    RETURN 0;
END $$;

-- The shop's movements, added up as far as they are folded; `effective_at` of a day is its first instant. One snapshot: the caller's.
CREATE FUNCTION ledger_total(p_shop bigint)
RETURNS TABLE (shop_id bigint, effective_at timestamptz, currency text, plan_id bigint, channel text, kind text, sold bigint, used bigint, expired bigint,
               refunded bigint, adjusted bigint, sold_minor bigint, used_minor bigint, expired_minor bigint, refunded_minor bigint, adjusted_minor bigint,
               corrected_minor bigint)
LANGUAGE plpgsql STABLE ROWS 10000 AS $$
#variable_conflict use_column
DECLARE
    zone text; through bigint := 0;
BEGIN
    SELECT f.time_zone, f.folded_through INTO zone, through FROM ledger_fold f WHERE f.shop_id = p_shop;
    RETURN QUERY
        SELECT d.shop_id, d.day::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.kind, d.sold, d.used, d.expired, d.refunded,
               d.adjusted, d.sold_minor, d.used_minor, d.expired_minor, d.refunded_minor, d.adjusted_minor, d.corrected_minor
          FROM ledger_day d WHERE d.shop_id = p_shop
        UNION ALL
        SELECT m.shop_id, m.effective_at, m.currency, l.plan_id, m.channel, m.kind, m.sold::bigint, m.used::bigint, m.expired::bigint, m.refunded::bigint,
               m.adjusted::bigint, m.sold_minor::bigint, m.used_minor::bigint, m.expired_minor::bigint, m.refunded_minor::bigint, m.adjusted_minor::bigint,
               m.corrected_minor::bigint
          FROM ledger_move m
          LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
         WHERE m.shop_id = p_shop AND m.entry_id > coalesce(through, 0);
END $$;

---------------------------------------------------------------------------------------------------------------- periods

ALTER TABLE shop
    ADD COLUMN books_closed_until timestamptz NOT NULL DEFAULT '-infinity', -- the first instant that is open
    ADD COLUMN premium_call_minor bigint,           -- what a contact would cost by the premium line, in minor units of the shop's currency
    ADD CONSTRAINT shop_premium_call_range CHECK (premium_call_minor BETWEEN 0 AND 1000000000);

-- Every closing and reopening of a month, as it was done.
CREATE TABLE period_close (
    shop_id     bigint NOT NULL,
    close_id    bigint GENERATED BY DEFAULT AS IDENTITY,
    month       date NOT NULL,                      -- its first day
    ends_at     timestamptz NOT NULL,               -- its end in the shop's zone as it was then
    closed_at   timestamptz NOT NULL,
    closed_by   text NOT NULL,
    note        text NOT NULL,
    reopened_at timestamptz,
    reopened_by text,
    reopen_note text,
    CONSTRAINT period_close_pkey PRIMARY KEY (shop_id, close_id),
    CONSTRAINT period_close_shop_known FOREIGN KEY (shop_id) REFERENCES shop,
    CONSTRAINT period_close_month_first CHECK (extract(day FROM month) = 1),
    CONSTRAINT period_close_reopened_whole CHECK ((reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (reopen_note IS NULL))
);
CREATE UNIQUE INDEX period_close_month_unique ON period_close (shop_id, month) WHERE reopened_at IS NULL;

-- A closed period takes no row any more. The shop's row is locked until the end of whoever writes something dated back, so that a closing waits
-- for it. What is dated now needs no look: a month is closed only when it has been over for a while (Store's PeriodRules).
CREATE FUNCTION ledger_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
    SELECT s.books_closed_until INTO closed FROM shop s WHERE s.shop_id = NEW.shop_id FOR SHARE;
    IF NEW.effective_at < closed THEN
        RAISE EXCEPTION 'the books are closed until %: nothing is dated %', closed, NEW.effective_at
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_period_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_period_open BEFORE INSERT ON entry FOR EACH ROW
    WHEN (NEW.effective_at < now() - interval '5 minutes') EXECUTE FUNCTION ledger_is_open();
CREATE TRIGGER revaluation_period_open BEFORE INSERT ON revaluation FOR EACH ROW EXECUTE FUNCTION ledger_is_open();

-- What comes too late for its period takes effect at the first open instant; its own stands beside it as occurred_at.
DROP FUNCTION system_posting(bigint, timestamptz, timestamptz);
CREATE FUNCTION system_posting(p_shop bigint, p_now timestamptz, p_effective timestamptz) RETURNS posting LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
    SELECT s.books_closed_until INTO closed FROM shop s WHERE s.shop_id = p_shop FOR SHARE;
    RETURN ROW(system_actor(p_shop), p_now, greatest(p_effective, closed), CASE WHEN p_effective < closed THEN p_effective END,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false)::posting;
END $$;
