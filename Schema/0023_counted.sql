-- Finance's tick without a look at every grant, a year's usage without a look at every day, and no id that the fold passes by.

-- Nobody folds until this file is done. A fold that has waited for it began with the words of before, and does not find its column.
LOCK TABLE ledger_fold;
ALTER TABLE ledger_fold RENAME COLUMN seen_before TO seen_by; -- the transaction that looked; who wrote up to there has a lower one

-- What each grant owed when it was last looked at, which is after every movement that the fold has seen.
CREATE TABLE grant_counted (
    shop_id    bigint NOT NULL,
    grant_id   bigint NOT NULL,
    credits    bigint NOT NULL,                     -- remaining and held
    deferred   bigint NOT NULL,                     -- minor units
    CONSTRAINT grant_counted_pkey PRIMARY KEY (shop_id, grant_id)
) WITH (fillfactor = 70);

-- What those add up to.
CREATE TABLE grant_total (
    shop_id    bigint NOT NULL,
    currency   text NOT NULL,
    plan_id    bigint NOT NULL,                     -- 0: none
    channel    text NOT NULL,
    credits    bigint NOT NULL,
    deferred   bigint NOT NULL,                     -- minor units
    CONSTRAINT grant_total_pkey PRIMARY KEY (shop_id, currency, plan_id, channel)
);

-- The grants that moved by an id after the one and up to the other.
CREATE FUNCTION grants_moved(p_shop bigint, p_after bigint, p_through bigint) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT unnest(e.slice_grants) FROM entry e WHERE e.shop_id = p_shop AND e.entry_id > p_after AND e.entry_id <= p_through
     UNION
    SELECT r.grant_id FROM revaluation r
     WHERE r.shop_id = p_shop AND r.revaluation_id > p_after AND r.revaluation_id <= p_through AND r.grant_id IS NOT NULL
$$;

-- Looks at the grants that moved, as they are now: what moved them later does so again. Called by the fold alone, so by one at a time.
CREATE FUNCTION count_grants(p_shop bigint, p_after bigint, p_through bigint) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan                  -- a few grants or all of them
AS $$
BEGIN
    WITH found AS MATERIALIZED (
        SELECT g.shop_id, g.grant_id, g.currency, coalesce(g.plan_id, 0) AS plan_id, g.channel, g.remaining + g.held AS credits,
               g.value_minor - g.value_taken AS deferred, coalesce(c.credits, 0) AS credits_before, coalesce(c.deferred, 0) AS deferred_before
          FROM grants_moved(p_shop, p_after, p_through) m (grant_id)
          JOIN credit_grant g ON g.shop_id = p_shop AND g.grant_id = m.grant_id
          LEFT JOIN grant_counted c ON c.shop_id = g.shop_id AND c.grant_id = g.grant_id
    ), counted AS (
        INSERT INTO grant_counted AS c SELECT f.shop_id, f.grant_id, f.credits, f.deferred FROM found f
            ON CONFLICT ON CONSTRAINT grant_counted_pkey DO UPDATE SET credits = excluded.credits, deferred = excluded.deferred
         WHERE c.credits <> excluded.credits OR c.deferred <> excluded.deferred
    )
    INSERT INTO grant_total AS t
    SELECT f.shop_id, f.currency, f.plan_id, f.channel, sum(f.credits - f.credits_before), sum(f.deferred - f.deferred_before)
      FROM found f GROUP BY 1, 2, 3, 4
        ON CONFLICT ON CONSTRAINT grant_total_pkey DO UPDATE SET credits = t.credits + excluded.credits, deferred = t.deferred + excluded.deferred;
END $$;

-- What the grants owe now: what was counted, and what those that moved since have become. One snapshot: the caller's.
CREATE FUNCTION owed_by_grants(p_shop bigint)
RETURNS TABLE (shop_id bigint, currency text, plan_id bigint, channel text, credits bigint, deferred bigint)
LANGUAGE plpgsql STABLE ROWS 1000
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    through bigint := coalesce((SELECT f.folded_through FROM ledger_fold f WHERE f.shop_id = p_shop), 0);
BEGIN
    RETURN QUERY
        SELECT t.shop_id, t.currency, nullif(t.plan_id, 0), t.channel, t.credits, t.deferred FROM grant_total t WHERE t.shop_id = p_shop
        UNION ALL
        SELECT g.shop_id, g.currency, g.plan_id, g.channel, g.remaining + g.held - coalesce(c.credits, 0),
               g.value_minor - g.value_taken - coalesce(c.deferred, 0)
          FROM grants_moved(p_shop, through, 9223372036854775807) m (grant_id)
          JOIN credit_grant g ON g.shop_id = p_shop AND g.grant_id = m.grant_id
          LEFT JOIN grant_counted c ON c.shop_id = g.shop_id AND c.grant_id = g.grant_id;
END $$;

-- Usage of each month, as usage_day has it by day.
CREATE TABLE usage_month (LIKE usage_day);
ALTER TABLE usage_month RENAME COLUMN day TO month; -- its first day
ALTER TABLE usage_month ADD CONSTRAINT usage_month_pkey PRIMARY KEY (shop_id, month, currency, plan_id, channel, actor_id);

-- Totals of other days than the shop's are none: until they are folded anew, all is read from the ledger. What the grants owe has no days.
CREATE FUNCTION forget_totals(p_shop bigint, p_zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_fold f SET time_zone = p_zone, folded_through = 0 WHERE f.shop_id = p_shop;
    DELETE FROM ledger_day d WHERE d.shop_id = p_shop;
    DELETE FROM ledger_month d WHERE d.shop_id = p_shop;
    DELETE FROM owed_month d WHERE d.shop_id = p_shop;
    DELETE FROM usage_day d WHERE d.shop_id = p_shop;
    DELETE FROM usage_month d WHERE d.shop_id = p_shop;
END $$;

CREATE FUNCTION shop_zone_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_totals(NEW.shop_id, NEW.time_zone);
    RETURN NULL;
END $$;
CREATE TRIGGER shop_zone AFTER UPDATE OF time_zone ON shop FOR EACH ROW WHEN (OLD.time_zone <> NEW.time_zone) EXECUTE FUNCTION shop_zone_changed();

-- As before (0022), with what grants owe and usage by month. To be called as the first thing of a transaction: a look is good for those who draw an id after
-- their transaction has its own, as all do, and only where the looking one gets its own afterwards.
CREATE OR REPLACE FUNCTION fold_ledger(p_shop bigint, p_most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    f ledger_fold; zone text; through bigint; newest bigint;
BEGIN
    IF pg_current_xact_id_if_assigned() IS NULL THEN
        SELECT CASE WHEN q.is_called THEN q.last_value ELSE 0 END INTO newest FROM entry_entry_id_seq q; -- nobody has the first id until it is called
    END IF;
    INSERT INTO ledger_fold (shop_id, time_zone) SELECT s.shop_id, s.time_zone FROM shop s WHERE s.shop_id = p_shop
        ON CONFLICT ON CONSTRAINT ledger_fold_pkey DO NOTHING;
    SELECT * INTO STRICT f FROM ledger_fold x WHERE x.shop_id = p_shop FOR UPDATE;
    SELECT s.time_zone INTO STRICT zone FROM shop s WHERE s.shop_id = p_shop;
    IF f.time_zone <> zone THEN                     -- changed while the shop had no totals yet
        PERFORM forget_totals(p_shop, zone);
        f.folded_through := 0;
    END IF;
    IF f.seen_through > f.folded_through AND f.seen_by <= pg_snapshot_xmin(pg_current_snapshot()) THEN
        through := least(f.seen_through, f.folded_through + p_most);
        WITH slices AS MATERIALIZED (
            SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date AS day, m.currency, coalesce(m.plan_id, 0) AS plan_id, m.channel, m.kind, m.expires_at,
                   sum(m.sold) AS sold, sum(m.used) AS used, sum(m.expired) AS expired, sum(m.refunded) AS refunded, sum(m.adjusted) AS adjusted,
                   sum(m.sold_minor) AS sold_minor, sum(m.used_minor) AS used_minor, sum(m.expired_minor) AS expired_minor,
                   sum(m.refunded_minor) AS refunded_minor, sum(m.adjusted_minor) AS adjusted_minor, sum(m.corrected_minor) AS corrected_minor
              FROM ledger_move m
             WHERE m.shop_id = p_shop AND m.entry_id > f.folded_through AND m.entry_id <= through GROUP BY 1, 2, 3, 4, 5, 6, 7
        ), moved AS MATERIALIZED (
            SELECT m.shop_id, m.day, m.currency, m.plan_id, m.channel, m.kind,
                   sum(m.sold) AS sold, sum(m.used) AS used, sum(m.expired) AS expired, sum(m.refunded) AS refunded, sum(m.adjusted) AS adjusted,
                   sum(m.sold_minor) AS sold_minor, sum(m.used_minor) AS used_minor, sum(m.expired_minor) AS expired_minor,
                   sum(m.refunded_minor) AS refunded_minor, sum(m.adjusted_minor) AS adjusted_minor, sum(m.corrected_minor) AS corrected_minor
              FROM slices m GROUP BY 1, 2, 3, 4, 5, 6
        ), owed AS (
            INSERT INTO owed_month AS d
            SELECT m.shop_id, date_trunc('month', m.day::timestamp)::date, m.currency, m.plan_id, m.channel, m.expires_at,
                   sum(m.sold - m.used - m.expired - m.refunded + m.adjusted),
                   sum(m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor)
              FROM slices m GROUP BY 1, 2, 3, 4, 5, 6
                ON CONFLICT ON CONSTRAINT owed_month_pkey DO UPDATE SET credits = d.credits + excluded.credits, deferred = d.deferred + excluded.deferred
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
        WITH moved AS MATERIALIZED (
            SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date AS day, m.currency, coalesce(m.plan_id, 0) AS plan_id, m.channel, m.actor_id,
                   sum(m.contacts) AS contacts, sum(m.used) AS used, sum(m.used_minor) AS used_minor
              FROM usage_move m
             WHERE m.shop_id = p_shop AND m.entry_id > f.folded_through AND m.entry_id <= through GROUP BY 1, 2, 3, 4, 5, 6
        ), months AS (
            INSERT INTO usage_month AS d
            SELECT m.shop_id, date_trunc('month', m.day::timestamp)::date, m.currency, m.plan_id, m.channel, m.actor_id, sum(m.contacts), sum(m.used),
                   sum(m.used_minor)
              FROM moved m GROUP BY 1, 2, 3, 4, 5, 6
                ON CONFLICT ON CONSTRAINT usage_month_pkey DO UPDATE
           SET contacts = d.contacts + excluded.contacts, used = d.used + excluded.used, used_minor = d.used_minor + excluded.used_minor
        )
        INSERT INTO usage_day AS d SELECT * FROM moved
            ON CONFLICT ON CONSTRAINT usage_day_pkey DO UPDATE
           SET contacts = d.contacts + excluded.contacts, used = d.used + excluded.used, used_minor = d.used_minor + excluded.used_minor;
        PERFORM count_grants(p_shop, f.folded_through, through);
        UPDATE ledger_fold x SET folded_through = through WHERE x.shop_id = p_shop;
        IF through < f.seen_through THEN RETURN f.seen_through - through; END IF;
    END IF;
    -- Looked anew only when all of the last look is folded, or when its transaction is of another cluster (a restored backup).
    IF newest IS NOT NULL AND (f.seen_through <= coalesce(through, f.folded_through) OR f.seen_by > pg_snapshot_xmax(pg_current_snapshot())) THEN
        UPDATE ledger_fold x SET seen_through = newest, seen_by = pg_current_xact_id() WHERE x.shop_id = p_shop;
    END IF;
    RETURN 0;
END $$;

-- The shop's usage from the first instant of a day to that of another, added up as far as it is folded: whole months, and days where one of the bounds is
-- within a month. `effective_at` of a total is within it, and so on the same side of both bounds. One snapshot: the caller's.
DROP FUNCTION usage_total(bigint, timestamptz, timestamptz); -- whoever reads with the words of before in an older snapshot shall not find this one empty
CREATE FUNCTION used_total(p_shop bigint, p_since timestamptz, p_until timestamptz)
RETURNS TABLE (shop_id bigint, effective_at timestamptz, currency text, plan_id bigint, channel text, actor_id bigint, contacts bigint, used bigint,
               used_minor bigint)
LANGUAGE plpgsql STABLE ROWS 10000
SET plan_cache_mode = force_custom_plan                  -- how many rows there are to read depends on the instants
AS $$
#variable_conflict use_column
DECLARE
    zone text; through bigint := 0; since date; until date; whole_since date; whole_until date;
BEGIN
    SELECT f.time_zone, f.folded_through INTO zone, through FROM ledger_fold f WHERE f.shop_id = p_shop;
    since := (p_since AT TIME ZONE zone)::date;
    until := (p_until AT TIME ZONE zone)::date;
    whole_since := CASE WHEN isfinite(since) THEN date_trunc('month', since + interval '1 month - 1 day')::date ELSE since END;
    whole_until := CASE WHEN isfinite(until) THEN date_trunc('month', until)::date ELSE until END;
    RETURN QUERY
        SELECT d.shop_id, d.month::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.actor_id, d.contacts, d.used, d.used_minor
          FROM usage_month d WHERE d.shop_id = p_shop AND d.month >= whole_since AND d.month < whole_until
        UNION ALL
        SELECT d.shop_id, d.day::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.actor_id, d.contacts, d.used, d.used_minor
          FROM usage_day d WHERE d.shop_id = p_shop AND d.day >= since AND d.day < least(whole_since, until)
        UNION ALL
        SELECT d.shop_id, d.day::timestamp AT TIME ZONE zone, d.currency, nullif(d.plan_id, 0), d.channel, d.actor_id, d.contacts, d.used, d.used_minor
          FROM usage_day d WHERE d.shop_id = p_shop AND d.day >= greatest(whole_until, whole_since) AND d.day < until
        UNION ALL
        SELECT m.shop_id, m.effective_at, m.currency, m.plan_id, m.channel, m.actor_id, m.contacts::bigint, m.used::bigint, m.used_minor::bigint
          FROM usage_move m
         WHERE m.shop_id = p_shop AND m.entry_id > coalesce(through, 0);
END $$;

-- As before (0007), by the index of expiries: what expires first is told first, and not every grant is looked at.
CREATE OR REPLACE FUNCTION notify_expiring(p_now timestamptz, p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE g record; n integer := 0;
BEGIN
    FOR g IN
        SELECT x.*, m.days FROM credit_grant x
         CROSS JOIN LATERAL (SELECT CASE WHEN x.expires_at <= p_now + interval '1 day' THEN 1 WHEN x.expires_at <= p_now + interval '7 days' THEN 7
                                         ELSE 30 END AS days) m
         WHERE x.expires_at > p_now AND x.expires_at <= p_now + interval '30 days' AND x.remaining > 0
           AND (x.notified_days IS NULL OR x.notified_days > m.days) AND x.expires_at < 'infinity' -- as the index has it
         ORDER BY x.expires_at LIMIT p_most FOR UPDATE OF x SKIP LOCKED
    LOOP
        UPDATE credit_grant SET notified_days = g.days WHERE shop_id = g.shop_id AND grant_id = g.grant_id;
        PERFORM tell(g.shop_id, 'credits.expiring', g.ticket_id, g.channel,
            jsonb_build_object('ticket', g.ticket_id, 'channel', g.channel, 'expiring', g.remaining, 'days', g.days,
                               'expires_at', to_char(g.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), p_now);
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;

-- Everything is folded anew, behind the writers; until then it is read from the ledger. The look of before might have passed by an id whose writer was at work.
SELECT forget_totals(f.shop_id, f.time_zone) FROM ledger_fold f;
UPDATE ledger_fold SET seen_through = 0;
