-- Totals that are read in a moment: of months beside those of days, of usage by who did it, and grants that know their plan.

-- Movements added up by month, as ledger_day has them by day.
CREATE TABLE ledger_month (LIKE ledger_day);
ALTER TABLE ledger_month RENAME COLUMN day TO month; -- its first day
ALTER TABLE ledger_month ADD CONSTRAINT ledger_month_pkey PRIMARY KEY (shop_id, month, currency, plan_id, channel, kind);

-- Usage of each day added up by who did it, with the pieces of work counted: a month's by plan, channel and agent is a few hundred rows.
CREATE TABLE usage_day (
    shop_id    bigint NOT NULL,
    day        date NOT NULL,
    currency   text NOT NULL,
    plan_id    bigint NOT NULL,                     -- 0: none
    channel    text NOT NULL,
    actor_id   bigint NOT NULL,
    contacts   bigint NOT NULL,
    used       bigint NOT NULL,
    used_minor bigint NOT NULL,
    CONSTRAINT usage_day_pkey PRIMARY KEY (shop_id, day, currency, plan_id, channel, actor_id)
);

-- Folds up to p_most ids further. An id is folded only when everybody who could still be writing it or one below it has ended, so that none is missed.
-- Returns how many ids are left that could be folded at once.
CREATE OR REPLACE FUNCTION fold_ledger(p_shop bigint, p_most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    f ledger_fold; zone text; through bigint; newest bigint;
BEGIN
    SELECT s.time_zone INTO STRICT zone FROM shop s WHERE s.shop_id = p_shop;
    INSERT INTO ledger_fold (shop_id, time_zone) VALUES (p_shop, zone) ON CONFLICT ON CONSTRAINT ledger_fold_pkey DO NOTHING;
    SELECT * INTO STRICT f FROM ledger_fold x WHERE x.shop_id = p_shop FOR UPDATE;
    IF f.time_zone <> zone THEN                     -- other days
        DELETE FROM ledger_day d WHERE d.shop_id = p_shop;
        DELETE FROM ledger_month d WHERE d.shop_id = p_shop;
        DELETE FROM usage_day d WHERE d.shop_id = p_shop;
        f.folded_through := 0;
        UPDATE ledger_fold x SET time_zone = zone, folded_through = 0 WHERE x.shop_id = p_shop;
    END IF;
    IF f.seen_through > f.folded_through AND f.seen_before <= pg_snapshot_xmin(pg_current_snapshot()) THEN
        through := least(f.seen_through, f.folded_through + p_most);
        WITH moved AS MATERIALIZED (
            SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date AS day, m.currency, coalesce(l.plan_id, 0) AS plan_id, m.channel, m.kind,
                   sum(m.sold) AS sold, sum(m.used) AS used, sum(m.expired) AS expired, sum(m.refunded) AS refunded, sum(m.adjusted) AS adjusted,
                   sum(m.sold_minor) AS sold_minor, sum(m.used_minor) AS used_minor, sum(m.expired_minor) AS expired_minor,
                   sum(m.refunded_minor) AS refunded_minor, sum(m.adjusted_minor) AS adjusted_minor, sum(m.corrected_minor) AS corrected_minor
              FROM ledger_move m
              LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
             WHERE m.shop_id = p_shop AND m.entry_id > f.folded_through AND m.entry_id <= through GROUP BY 1, 2, 3, 4, 5, 6
        ), months AS (
            INSERT INTO ledger_month AS d
            SELECT m.shop_id, date_trunc('month', m.day::timestamp)::date, m.currency, m.plan_id, m.channel, m.kind, sum(m.sold), sum(m.used), sum(m.expired),
                   sum(m.refunded), sum(m.adjusted), sum(m.sold_minor), sum(m.used_minor), sum(m.expired_minor), sum(m.refunded_minor),
                   sum(m.adjusted_minor), sum(m.corrected_minor)
              FROM moved m GROUP BY 1, 2, 3, 4, 5, 6
                ON CONFLICT ON CONSTRAINT ledger_month_pkey DO UPDATE
           SET sold = d.sold + excluded.sold, used = d.used + excluded.used, expired = d.expired + excluded.expired,
               refunded = d.refunded + excluded.refunded, adjusted = d.adjusted + excluded.adjusted, sold_minor = d.sold_minor + excluded.sold_minor,
               used_minor = d.used_minor + excluded.used_minor, expired_minor = d.expired_minor + excluded.expired_minor,
               refunded_minor = d.refunded_minor + excluded.refunded_minor, adjusted_minor = d.adjusted_minor + excluded.adjusted_minor,
               corrected_minor = d.corrected_minor + excluded.corrected_minor
        )
        INSERT INTO ledger_day AS d SELECT * FROM moved
            ON CONFLICT ON CONSTRAINT ledger_day_pkey DO UPDATE
           SET sold = d.sold + excluded.sold, used = d.used + excluded.used, expired = d.expired + excluded.expired,
               refunded = d.refunded + excluded.refunded, adjusted = d.adjusted + excluded.adjusted, sold_minor = d.sold_minor + excluded.sold_minor,
               used_minor = d.used_minor + excluded.used_minor, expired_minor = d.expired_minor + excluded.expired_minor,
               refunded_minor = d.refunded_minor + excluded.refunded_minor, adjusted_minor = d.adjusted_minor + excluded.adjusted_minor,
               corrected_minor = d.corrected_minor + excluded.corrected_minor;
        INSERT INTO usage_day AS d
        SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date, m.currency, coalesce(l.plan_id, 0), m.channel, m.actor_id, sum(m.contacts), sum(m.used),
               sum(m.used_minor)
          FROM usage_move m
          LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
         WHERE m.shop_id = p_shop AND m.entry_id > f.folded_through AND m.entry_id <= through GROUP BY 1, 2, 3, 4, 5, 6
            ON CONFLICT ON CONSTRAINT usage_day_pkey DO UPDATE
           SET contacts = d.contacts + excluded.contacts, used = d.used + excluded.used, used_minor = d.used_minor + excluded.used_minor;
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

-- The shop's movements, added up as far as they are folded: by months, and by days where one of the bounds is within a month; so each row is wholly on one
-- side of each bound, which is the first instant of a day. `effective_at` of a total is its first instant. One snapshot: the caller's.
DROP FUNCTION ledger_total(bigint);
CREATE FUNCTION ledger_total(p_shop bigint, p_bounds timestamptz[])
RETURNS TABLE (shop_id bigint, effective_at timestamptz, currency text, plan_id bigint, channel text, kind text, sold bigint, used bigint, expired bigint,
               refunded bigint, adjusted bigint, sold_minor bigint, used_minor bigint, expired_minor bigint, refunded_minor bigint, adjusted_minor bigint,
               corrected_minor bigint)
LANGUAGE plpgsql STABLE ROWS 1000 AS $$
#variable_conflict use_column
DECLARE
    zone text; through bigint := 0; cut date[];
BEGIN
    SELECT f.time_zone, f.folded_through INTO zone, through FROM ledger_fold f WHERE f.shop_id = p_shop;
    SELECT coalesce(array_agg(DISTINCT date_trunc('month', b AT TIME ZONE zone)::date), '{}') INTO cut FROM unnest(p_bounds) b
     WHERE isfinite(b) AND b AT TIME ZONE zone <> date_trunc('month', b AT TIME ZONE zone);
    RETURN QUERY
        SELECT d.shop_id, d.month::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.kind,
               d.sold, d.used, d.expired, d.refunded, d.adjusted, d.sold_minor, d.used_minor, d.expired_minor, d.refunded_minor, d.adjusted_minor,
               d.corrected_minor
          FROM ledger_month d WHERE d.shop_id = p_shop AND d.month <> ALL (cut)
        UNION ALL
        SELECT d.shop_id, d.day::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.kind,
               d.sold, d.used, d.expired, d.refunded, d.adjusted, d.sold_minor, d.used_minor, d.expired_minor, d.refunded_minor, d.adjusted_minor,
               d.corrected_minor
          FROM unnest(cut) c JOIN ledger_day d ON d.shop_id = p_shop AND d.day >= c AND d.day < (c + interval '1 month')::date
        UNION ALL
        SELECT m.shop_id, m.effective_at, m.currency, l.plan_id, m.channel, m.kind,
               m.sold::bigint, m.used::bigint, m.expired::bigint, m.refunded::bigint, m.adjusted::bigint, m.sold_minor::bigint, m.used_minor::bigint,
               m.expired_minor::bigint, m.refunded_minor::bigint, m.adjusted_minor::bigint, m.corrected_minor::bigint
          FROM ledger_move m
          LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
         WHERE m.shop_id = p_shop AND m.entry_id > coalesce(through, 0);
END $$;

-- The shop's usage from an instant to another, added up as far as it is folded; `effective_at` of a day is its first instant. Whole days: the first and the
-- last may begin before and end after.
CREATE FUNCTION usage_total(p_shop bigint, p_since timestamptz, p_until timestamptz)
RETURNS TABLE (shop_id bigint, effective_at timestamptz, currency text, plan_id bigint, channel text, actor_id bigint, contacts bigint, used bigint,
               used_minor bigint)
LANGUAGE plpgsql STABLE ROWS 10000 AS $$
#variable_conflict use_column
DECLARE
    zone text; through bigint := 0;
BEGIN
    SELECT f.time_zone, f.folded_through INTO zone, through FROM ledger_fold f WHERE f.shop_id = p_shop;
    RETURN QUERY
        SELECT d.shop_id, d.day::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.actor_id, d.contacts, d.used, d.used_minor
          FROM usage_day d
         WHERE d.shop_id = p_shop AND d.day >= (p_since AT TIME ZONE zone)::date AND d.day <= (p_until AT TIME ZONE zone)::date
        UNION ALL
        SELECT m.shop_id, m.effective_at, m.currency, l.plan_id, m.channel, m.actor_id, m.contacts::bigint, m.used::bigint, m.used_minor::bigint
          FROM usage_move m
          LEFT JOIN order_line l ON l.shop_id = m.shop_id AND l.order_id = m.order_id AND l.line_id = m.line_id
         WHERE m.shop_id = p_shop AND m.entry_id > coalesce(through, 0);
END $$;

-- Everything is folded anew, behind the writers; until then what is not folded is read from the ledger.
DELETE FROM ledger_day;
UPDATE ledger_fold SET folded_through = 0;

-- The plan of the order line that a grant answers to; a line is bound to its plan for ever, before anything is granted. NULL: of no line.
ALTER TABLE credit_grant ADD COLUMN plan_id bigint;
UPDATE credit_grant g SET plan_id = l.plan_id FROM order_line l WHERE l.shop_id = g.shop_id AND l.order_id = g.order_id AND l.line_id = g.line_id;

CREATE FUNCTION grant_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT l.plan_id INTO NEW.plan_id FROM order_line l WHERE l.shop_id = NEW.shop_id AND l.order_id = NEW.order_id AND l.line_id = NEW.line_id;
    RETURN NEW;
END $$;
CREATE TRIGGER credit_grant_plan BEFORE INSERT ON credit_grant FOR EACH ROW WHEN (NEW.line_id IS NOT NULL) EXECUTE FUNCTION grant_plan();
