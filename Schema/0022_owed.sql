-- What is owed at any past instant, from totals; and finance's views in words that PostgreSQL reads three times as fast.

-- Nobody folds until this file is done.
LOCK TABLE ledger_fold;

-- As before, with the plan and the expiry beside each movement. An entry's slices are spread by the select list, not by a function in FROM, which starts
-- anew for every row.
CREATE OR REPLACE VIEW ledger_move AS
    SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id, e.channel, e.kind, e.actor_id, e.effective_at, e.grant_id, g.order_id, g.line_id,
           g.currency, e.quantity * f.sold AS sold, e.quantity * f.used AS used, e.quantity * f.expired AS expired,
           CASE WHEN g.order_id IS NULL THEN 0 ELSE e.quantity * f.refunded END AS refunded,
           e.quantity * f.adjusted - CASE WHEN g.order_id IS NULL THEN e.quantity * f.refunded ELSE 0 END AS adjusted, -- what is owed no longer
           e.value * f.sold AS sold_minor, e.value * f.used AS used_minor, e.value * f.expired AS expired_minor, e.value * f.refunded AS refunded_minor,
           e.value * f.adjusted AS adjusted_minor, 0::bigint AS corrected_minor, g.plan_id, g.expires_at
      FROM (SELECT x.shop_id, x.entry_id, x.ticket_id, x.for_ticket_id, x.channel, x.kind, x.actor_id, x.effective_at,
                   unnest(x.slice_grants) AS grant_id, unnest(x.slice_quantities) AS quantity, unnest(x.slice_values) AS value
              FROM entry x) e
      JOIN (VALUES ('grant', 1, 0, 0, 0, 0), ('usage', 0, 1, 0, 0, 0), ('capture', 0, 1, 0, 0, 0), ('reversal', 0, -1, 0, 0, 0), ('expiry', 0, 0, 1, 0, 0),
                   ('revocation', 0, 0, 0, 1, 0), ('restoration', 0, 0, 0, -1, 0), ('adjustment-in', 0, 0, 0, 0, 1), ('overdraft', 0, 0, 0, 0, 1),
                   ('transfer-in', 0, 0, 0, 0, 1), ('adjustment-out', 0, 0, 0, 0, -1), ('transfer-out', 0, 0, 0, 0, -1))
           AS f (kind, sold, used, expired, refunded, adjusted) ON f.kind = e.kind
      JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = e.grant_id
    UNION ALL
    SELECT r.shop_id, r.revaluation_id, r.ticket_id, NULL, r.channel, 'revaluation', NULL, r.effective_at, r.grant_id, r.order_id, r.line_id, r.currency,
           0, 0, 0, 0, 0, r.sold, 0, 0, r.refunded, -r.recognised, r.recognised, l.plan_id, coalesce(g.expires_at, 'infinity')
      FROM revaluation r
      LEFT JOIN order_line l ON l.shop_id = r.shop_id AND l.order_id = r.order_id AND l.line_id = r.line_id
      LEFT JOIN credit_grant g ON g.shop_id = r.shop_id AND g.grant_id = r.grant_id;

-- The same movements as what they add to what is owed, in credits and in minor units, without what stands beside them.
CREATE VIEW ledger_net AS
    SELECT e.shop_id, e.entry_id, e.ticket_id, e.effective_at, e.grant_id, e.sign * e.quantity AS credits, e.sign * e.value AS money
      FROM (SELECT x.shop_id, x.entry_id, x.ticket_id, x.effective_at,
                   CASE WHEN x.kind IN ('grant', 'reversal', 'restoration', 'adjustment-in', 'overdraft', 'transfer-in') THEN 1
                        WHEN x.kind IN ('usage', 'capture', 'expiry', 'revocation', 'adjustment-out', 'transfer-out') THEN -1 ELSE 0 END AS sign,
                   unnest(x.slice_grants) AS grant_id, unnest(x.slice_quantities) AS quantity, unnest(x.slice_values) AS value
              FROM entry x) e
    UNION ALL
    SELECT r.shop_id, r.revaluation_id, r.ticket_id, r.effective_at, r.grant_id, 0, r.deferred FROM revaluation r;

CREATE OR REPLACE VIEW usage_move AS
    SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id, e.channel, e.actor_id, e.effective_at, g.order_id, g.line_id, g.currency,
           CASE e.kind WHEN 'reversal' THEN -e.quantity ELSE e.quantity END AS used, CASE e.kind WHEN 'reversal' THEN -e.value ELSE e.value END AS used_minor,
           CASE WHEN e.kind <> 'reversal' THEN CASE WHEN e.usage_id IS NULL AND e.place = 1 THEN 1 ELSE 0 END
                WHEN e.place < e.places THEN 0
                WHEN (SELECT sum(r.quantity) = max(u.quantity) AND max(r.entry_id) = e.entry_id
                        FROM (SELECT array_agg(x.entry_id) AS parts, sum(x.quantity) AS quantity
                                FROM entry c JOIN entry x ON x.shop_id = c.shop_id
                                 AND (x.entry_id = coalesce(c.usage_id, c.entry_id) OR x.usage_id = coalesce(c.usage_id, c.entry_id))
                               WHERE c.shop_id = e.shop_id AND c.entry_id = e.corrects_id) u
                        JOIN entry r ON r.shop_id = e.shop_id AND r.kind = 'reversal' AND r.corrects_id = ANY (u.parts)) THEN -1
                ELSE 0 END AS contacts,
           g.plan_id
      FROM (SELECT x.shop_id, x.entry_id, x.ticket_id, x.for_ticket_id, x.channel, x.kind, x.actor_id, x.effective_at, x.usage_id, x.corrects_id,
                   cardinality(x.slice_grants) AS places, unnest(x.slice_grants) AS grant_id, unnest(x.slice_quantities) AS quantity,
                   unnest(x.slice_values) AS value, generate_subscripts(x.slice_grants, 1) AS place
              FROM entry x WHERE x.kind IN ('usage', 'capture', 'reversal')) e
      JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = e.grant_id;

-- What each month of the shop's zone added to what is owed, by the instant at which it expires: what is owed at a month's end, however long ago, is a
-- few thousand rows. Expiries of plans are the first instants of days, and a grant's never changes.
CREATE TABLE owed_month (
    shop_id    bigint NOT NULL,
    month      date NOT NULL,                       -- its first day
    currency   text NOT NULL,
    plan_id    bigint NOT NULL,                     -- 0: none
    channel    text NOT NULL,
    expires_at timestamptz NOT NULL,
    credits    bigint NOT NULL,
    deferred   bigint NOT NULL,                     -- minor units
    CONSTRAINT owed_month_pkey PRIMARY KEY (shop_id, month, currency, plan_id, channel, expires_at)
);

-- As before (0020), with what is owed.
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
        DELETE FROM owed_month d WHERE d.shop_id = p_shop;
        f.folded_through := 0;
        UPDATE ledger_fold x SET time_zone = zone, folded_through = 0 WHERE x.shop_id = p_shop;
    END IF;
    IF f.seen_through > f.folded_through AND f.seen_before <= pg_snapshot_xmin(pg_current_snapshot()) THEN
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
        INSERT INTO usage_day AS d
        SELECT m.shop_id, (m.effective_at AT TIME ZONE zone)::date, m.currency, coalesce(m.plan_id, 0), m.channel, m.actor_id, sum(m.contacts), sum(m.used),
               sum(m.used_minor)
          FROM usage_move m
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

-- What the ledger says is owed after an instant, which is finite, by when it expires: from the months, the ledger's rows between the instant and the nearer end of its
-- month, and those that are not folded yet. One snapshot: the caller's.
CREATE FUNCTION owed_total(p_shop bigint, p_at timestamptz)
RETURNS TABLE (shop_id bigint, currency text, plan_id bigint, channel text, expires_at timestamptz, credits bigint, deferred bigint)
LANGUAGE plpgsql STABLE ROWS 10000
SET plan_cache_mode = force_custom_plan                  -- how many rows there are to read depends on the instants
AS $$
#variable_conflict use_column
DECLARE
    zone text; through bigint; begun timestamp; since timestamptz; until timestamptz; sign integer;
BEGIN
    SELECT f.time_zone, f.folded_through INTO zone, through FROM ledger_fold f WHERE f.shop_id = p_shop;
    begun := date_trunc('month', (p_at + interval '1 microsecond') AT TIME ZONE zone);
    -- A month begins right after the last instant of the one before: a first hour that comes twice is all its own.
    since := (begun - interval '1 microsecond') AT TIME ZONE zone + interval '1 microsecond';
    until := (begun + interval '1 month' - interval '1 microsecond') AT TIME ZONE zone + interval '1 microsecond';
    IF p_at - since < least(until, now()) - p_at THEN   -- the months before, and what came since
        until := p_at + interval '1 microsecond'; sign := 1;
    ELSE                                                -- that month too, less what came later
        begun := begun + interval '1 month'; since := p_at + interval '1 microsecond'; sign := -1;
    END IF;
    RETURN QUERY
        SELECT d.shop_id, d.currency, nullif(d.plan_id, 0), d.channel, d.expires_at, d.credits, d.deferred FROM owed_month d
         WHERE d.shop_id = p_shop AND d.month < begun
        UNION ALL
        SELECT m.shop_id, m.currency, m.plan_id, m.channel, m.expires_at, sign * (m.sold - m.used - m.expired - m.refunded + m.adjusted)::bigint,
               sign * (m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor)::bigint
          FROM ledger_move m
         WHERE m.shop_id = p_shop AND m.entry_id <= through AND m.effective_at >= since AND m.effective_at < until
        UNION ALL
        SELECT m.shop_id, m.currency, m.plan_id, m.channel, m.expires_at, (m.sold - m.used - m.expired - m.refunded + m.adjusted)::bigint,
               (m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor)::bigint
          FROM ledger_move m
         WHERE m.shop_id = p_shop AND m.entry_id > coalesce(through, 0) AND m.effective_at <= p_at;
END $$;

-- What was folded before this file.
INSERT INTO owed_month
SELECT m.shop_id, date_trunc('month', m.effective_at AT TIME ZONE f.time_zone)::date, m.currency, coalesce(m.plan_id, 0), m.channel, m.expires_at,
       sum(m.sold - m.used - m.expired - m.refunded + m.adjusted),
       sum(m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor)
  FROM ledger_fold f JOIN ledger_move m ON m.shop_id = f.shop_id AND m.entry_id <= f.folded_through
 GROUP BY 1, 2, 3, 4, 5, 6;

-- A fold that has waited for the lock began with the words of before: it finds nothing to fold, and looks anew.
UPDATE ledger_fold SET seen_through = folded_through;

-- As before (0014), without a look by time beside the one by ticket: what came earlier is no later than `at` anyway.
CREATE OR REPLACE FUNCTION sight_instant(p_shop bigint, p_order bigint, p_line bigint, p_modified timestamptz, p_starts timestamptz, p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    at timestamptz := least(p_now, greatest(p_modified, p_starts)); grants bigint[]; tickets bigint[];
BEGIN
    IF at = p_now THEN RETURN at; END IF;
    SELECT array_agg(g.grant_id), array_agg(DISTINCT g.ticket_id) INTO grants, tickets FROM credit_grant g
     WHERE g.shop_id = p_shop AND g.order_id = p_order AND g.line_id = p_line;
    RETURN greatest(at,
        (SELECT max(e.effective_at) FROM entry e
          WHERE e.shop_id = p_shop AND e.ticket_id = ANY (tickets) AND e.kind IN ('reversal', 'restoration', 'release', 'lapse', 'grant', 'transfer-in')
            AND e.slice_grants && grants),
        (SELECT max(r.effective_at) FROM revaluation r WHERE r.shop_id = p_shop AND r.order_id = p_order AND r.line_id = p_line));
END $$;
