-- What the money of orders means for the ledger. A change of an order's money (a refund by amount, an edited line, a refund that was deleted)
-- is a fact of its own, a revaluation: append-only as entries are, and numbered with them. Every row of the ledger is balanced by itself: what it
-- adds to `sold` is what it adds to refunded + recognised + deferred; so those of a line sum to what was sold of it, at every instant.
-- Domain's LineBooks says the same in Swift.

ALTER TABLE order_line
    ADD COLUMN net_minor bigint,                    -- what of the line's money the shop keeps, after refunds; NULL: nothing was ever granted
    ADD COLUMN revalued  boolean NOT NULL DEFAULT false, -- the order's money changed in a way that its credits did not tell
    ADD CONSTRAINT order_line_net_not_negative CHECK (net_minor >= 0);

-- The books of a line and channel, in minor units. What was recognised is sold - refunded - corrected - (what its grants still defer).
CREATE TABLE line_value (
    shop_id      bigint NOT NULL,
    order_id     bigint NOT NULL,
    line_id      bigint NOT NULL,
    channel      text NOT NULL,
    currency     text NOT NULL,
    list_minor   bigint NOT NULL,                   -- the channel's share of the line's total, as the order is now
    list_credits bigint NOT NULL,                   -- the credits that it is for
    sold         bigint NOT NULL DEFAULT 0,
    refunded     bigint NOT NULL DEFAULT 0,         -- what went back: of revoked credits, and by revaluations
    corrected    bigint NOT NULL DEFAULT 0,         -- revenue that no credit was used for: below 0 when more went back than was still unused
    CONSTRAINT line_value_pkey PRIMARY KEY (shop_id, order_id, line_id, channel),
    CONSTRAINT line_value_list_not_negative CHECK (list_minor >= 0 AND list_credits >= 0)
);

CREATE TABLE revaluation (
    shop_id        bigint NOT NULL,
    revaluation_id bigint NOT NULL DEFAULT nextval('entry_entry_id_seq'), -- one count with the entries
    ticket_id      bigint NOT NULL,
    channel        text NOT NULL,
    grant_id       bigint,                          -- NULL: the line never granted credits of this channel
    order_id       bigint NOT NULL,
    line_id        bigint NOT NULL,
    currency       text NOT NULL,
    sold           bigint NOT NULL,                 -- each in minor units, with its sign
    refunded       bigint NOT NULL,
    recognised     bigint NOT NULL,
    deferred       bigint NOT NULL,
    recorded_at    timestamptz NOT NULL,
    effective_at   timestamptz NOT NULL,
    occurred_at    timestamptz,                     -- its true instant, where that lies in a closed period
    CONSTRAINT revaluation_pkey PRIMARY KEY (shop_id, revaluation_id),
    CONSTRAINT revaluation_balanced CHECK (sold = refunded + recognised + deferred),
    CONSTRAINT revaluation_says_something CHECK (sold <> 0 OR refunded <> 0 OR recognised <> 0 OR deferred <> 0)
);
CREATE INDEX revaluation_ticket ON revaluation (shop_id, ticket_id, revaluation_id);
CREATE INDEX revaluation_line ON revaluation (shop_id, order_id, line_id);
CREATE TRIGGER revaluation_append_only BEFORE UPDATE OR DELETE ON revaluation FOR EACH ROW EXECUTE FUNCTION entry_is_append_only();
CREATE TRIGGER revaluation_no_truncate BEFORE TRUNCATE ON revaluation FOR EACH STATEMENT EXECUTE FUNCTION entry_is_append_only();

-- value_minor - value_taken is what a grant still defers: a fact, told by the ledger. The two by themselves say how its next credits share that,
-- and are set anew by a revaluation; so value_taken may be below 0 for as long as a reversal lasts.
ALTER TABLE credit_grant
    DROP CONSTRAINT credit_grant_value_range,
    ADD CONSTRAINT credit_grant_value_range CHECK (value_minor BETWEEN 0 AND 1000000000000 AND value_taken <= value_minor);

-- value x part / whole, half away from zero, exactly.
CREATE FUNCTION share_of(p_value bigint, p_part numeric, p_whole numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN p_whole <= 0 THEN 0 ELSE sign(p_value)::bigint * div(2 * abs(p_value::numeric) * p_part + p_whole, 2 * p_whole)::bigint END $$;

-- The books of what was granted before this file: what the ledger told, and one revaluation for what it did not.
INSERT INTO revaluation (shop_id, ticket_id, channel, grant_id, order_id, line_id, currency, sold, refunded, recognised, deferred, recorded_at, effective_at)
SELECT g.shop_id, g.ticket_id, g.channel, g.grant_id, g.order_id, g.line_id, g.currency, d.untold, 0, 0, d.untold, now(), now()
  FROM credit_grant g
 CROSS JOIN LATERAL (
        SELECT g.value_minor - g.value_taken
               - coalesce(sum(CASE WHEN e.kind IN ('grant', 'transfer-in', 'reversal', 'restoration') THEN s.value
                                   WHEN e.kind IN ('usage', 'capture', 'expiry', 'revocation', 'adjustment-out', 'transfer-out') THEN -s.value ELSE 0 END), 0) AS untold
          FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_values) AS s (grant_id, value)
         WHERE e.shop_id = g.shop_id AND e.ticket_id = g.ticket_id AND e.channel = g.channel AND s.grant_id = g.grant_id) d
 WHERE g.order_id IS NOT NULL AND g.line_id IS NOT NULL AND d.untold <> 0;

INSERT INTO line_value (shop_id, order_id, line_id, channel, currency, list_minor, list_credits, sold, refunded)
SELECT g.shop_id, g.order_id, g.line_id, g.channel, min(g.currency), greatest(0, sum(m.sold)), coalesce(sum(g.granted) FILTER (WHERE g.kind = 'order'), 0),
       sum(m.sold), sum(m.refunded)
  FROM credit_grant g
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.value) FILTER (WHERE e.kind = 'grant'), 0)
               + coalesce((SELECT sum(r.sold) FROM revaluation r WHERE r.shop_id = g.shop_id AND r.grant_id = g.grant_id), 0) AS sold,
               coalesce(sum(CASE e.kind WHEN 'revocation' THEN s.value WHEN 'restoration' THEN -s.value ELSE 0 END), 0) AS refunded
          FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_values) AS s (grant_id, value)
         WHERE e.shop_id = g.shop_id AND e.ticket_id = g.ticket_id AND e.channel = g.channel AND s.grant_id = g.grant_id) m
 WHERE g.order_id IS NOT NULL AND g.line_id IS NOT NULL AND g.kind IN ('order', 'transfer')
 GROUP BY 1, 2, 3, 4;

UPDATE order_line l SET net_minor = greatest(0, v.net)
  FROM (SELECT shop_id, order_id, line_id, sum(sold - refunded) AS net FROM line_value GROUP BY 1, 2, 3) v
 WHERE l.shop_id = v.shop_id AND l.order_id = v.order_id AND l.line_id = v.line_id;

---------------------------------------------------------------------------------------------------------------- under locks

-- What an order does to its line takes effect when the order was changed, but not before something that gave the line's grants value or credits: so
-- nothing is ever deferred or left below 0, whichever instant is looked at.
CREATE FUNCTION sight_instant(p_shop bigint, p_order bigint, p_line bigint, p_modified timestamptz, p_starts timestamptz, p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    at timestamptz := least(p_now, greatest(p_modified, p_starts)); grants bigint[]; tickets bigint[];
BEGIN
    IF at = p_now THEN RETURN at; END IF;
    SELECT array_agg(g.grant_id), array_agg(DISTINCT g.ticket_id) INTO grants, tickets FROM credit_grant g
     WHERE g.shop_id = p_shop AND g.order_id = p_order AND g.line_id = p_line;
    RETURN greatest(at,
        (SELECT max(e.effective_at) FROM entry e
          WHERE e.shop_id = p_shop AND e.ticket_id = ANY (tickets) AND e.kind IN ('reversal', 'restoration', 'release', 'lapse', 'grant', 'transfer-in')
            AND e.effective_at > at AND e.slice_grants && grants),
        (SELECT max(r.effective_at) FROM revaluation r WHERE r.shop_id = p_shop AND r.order_id = p_order AND r.line_id = p_line));
END $$;

-- Revokes what is no longer entitled, gives back what is again. Returns whether anything was written.
CREATE FUNCTION entitle_grant(p_shop bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz, p_quiet boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g credit_grant; p posting; due bigint; worth bigint;
BEGIN
    SELECT * INTO STRICT g FROM credit_grant WHERE shop_id = p_shop AND grant_id = p_grant;
    due := revoked_of(g, 0) - g.revoked;
    IF due = 0 THEN RETURN false; END IF;
    p := system_posting(p_shop, p_now, p_effective);
    p.order_id := g.order_id; p.line_id := g.line_id; p.quiet := p_quiet;
    IF due > 0 THEN
        worth := value_of(g, due);
        PERFORM post(p_shop, g.ticket_id, g.channel, 'revocation', ARRAY[g.grant_id], ARRAY[due], ARRAY[worth], p);
    ELSE
        worth := -greatest(0, g.value_taken - cumulative_value(g.value_minor, g.granted - g.remaining - g.held + due, g.granted));
        PERFORM post(p_shop, g.ticket_id, g.channel, 'restoration', ARRAY[g.grant_id], ARRAY[-due], ARRAY[-worth], p);
    END IF;
    UPDATE line_value v SET refunded = v.refunded + worth
     WHERE v.shop_id = p_shop AND v.order_id = g.order_id AND v.line_id = g.line_id AND v.channel = g.channel;
    RETURN true;
END $$;

CREATE FUNCTION expire_grant(p_shop bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz, p_quiet boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g credit_grant; p posting;
BEGIN
    SELECT * INTO STRICT g FROM credit_grant WHERE shop_id = p_shop AND grant_id = p_grant;
    IF g.remaining = 0 OR g.expires_at > p_now THEN RETURN false; END IF;
    p := system_posting(p_shop, p_now, greatest(g.expires_at, p_effective));
    p.order_id := g.order_id; p.line_id := g.line_id; p.quiet := p_quiet;
    PERFORM post(p_shop, g.ticket_id, g.channel, 'expiry', ARRAY[g.grant_id], ARRAY[g.remaining], ARRAY[value_of(g, g.remaining)], p);
    RETURN true;
END $$;

-- After anything that a grant's rule depends on: revoke what is no longer entitled, give back what is again, value its line, expire what is past. A hold
-- that ends moves no value, so its line is valued anew only where something was revoked or given back: else the moment at which a lapse is recorded
-- would decide where a minor unit lies.
CREATE OR REPLACE FUNCTION settle_grant(p_shop bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz, p_quiet boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    changed boolean := entitle_grant(p_shop, p_grant, p_now, p_effective, p_quiet);
BEGIN
    PERFORM revalue_line(p_shop, g.order_id, g.line_id, p_grant, p_now, p_effective)
       FROM credit_grant g
      WHERE g.shop_id = p_shop AND g.grant_id = p_grant AND g.order_id IS NOT NULL
        AND (changed OR EXISTS (SELECT FROM entry e WHERE e.shop_id = p_shop AND e.ticket_id = g.ticket_id AND e.kind = 'reversal'
                                   AND e.recorded_at = p_now AND p_grant = ANY (e.slice_grants)));
    RETURN expire_grant(p_shop, p_grant, p_now, p_effective, p_quiet) OR changed;
END $$;

-- Holds on other counters whose end would value a line anew that this counter has credits of: because the order stopped entitling to credits that were
-- held, their value lies with the line's other credits until then. So nothing on this counter is decided before such a hold has ended.
CREATE FUNCTION holds_of_lines(p_shop bigint, p_ticket bigint, p_channel text)
RETURNS TABLE (hold_id bigint, ticket_id bigint, channel text, deadline timestamptz) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT h.hold_id, h.ticket_id, h.channel, h.deadline
      FROM credit_grant g
      JOIN credit_grant x ON x.shop_id = g.shop_id AND x.order_id = g.order_id AND x.line_id = g.line_id AND x.held > 0
                         AND (x.ticket_id, x.channel) <> (g.ticket_id, g.channel) AND revoked_of(x, x.held) <> x.revoked
      JOIN hold_slice h ON h.shop_id = x.shop_id AND h.ticket_id = x.ticket_id AND h.channel = x.channel AND h.grant_id = x.grant_id AND h.open
     WHERE g.shop_id = p_shop AND g.ticket_id = p_ticket AND g.channel = p_channel AND g.remaining > 0
$$;

-- P8: writes what became due, in the order of time, each with its own instant as effective_at.
CREATE OR REPLACE FUNCTION settle_counter(p_shop bigint, p_ticket bigint, p_channel text, p_now timestamptz, p_quiet boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    s record; g credit_grant;
BEGIN
    LOOP
        SELECT d.* INTO s FROM (
            SELECT h.hold_id, h.ticket_id, h.channel, h.deadline FROM hold_slice h
             WHERE h.shop_id = p_shop AND h.ticket_id = p_ticket AND h.channel = p_channel AND h.open
             UNION ALL SELECT f.* FROM holds_of_lines(p_shop, p_ticket, p_channel) f) d
         WHERE d.deadline <= p_now ORDER BY d.deadline, d.hold_id LIMIT 1;
        SELECT * INTO g FROM credit_grant
         WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel AND remaining > 0 AND expires_at <= p_now
         ORDER BY expires_at, grant_id LIMIT 1;
        EXIT WHEN s.hold_id IS NULL AND g.grant_id IS NULL;
        IF s.hold_id IS NOT NULL AND (g.grant_id IS NULL OR s.deadline <= g.expires_at) THEN
            IF (s.ticket_id, s.channel) <> (p_ticket, p_channel) THEN
                PERFORM lock_counters(p_shop, ARRAY[s.ticket_id], s.channel);
                CONTINUE WHEN NOT EXISTS (SELECT FROM hold_slice h WHERE h.shop_id = p_shop AND h.hold_id = s.hold_id AND h.ticket_id = s.ticket_id
                                             AND h.channel = s.channel AND h.open AND h.deadline <= p_now);
            END IF;
            PERFORM lapse(p_shop, s.hold_id, s.ticket_id, s.channel, p_now);
        ELSE
            PERFORM expire_grant(p_shop, g.grant_id, p_now, g.expires_at, p_quiet);
        END IF;
    END LOOP;
    UPDATE counter c SET next_due_at = least(
               (SELECT min(expires_at) FROM credit_grant x
                 WHERE x.shop_id = p_shop AND x.ticket_id = p_ticket AND x.channel = p_channel AND x.remaining + x.held > 0 AND x.expires_at > p_now),
               (SELECT min(deadline) FROM hold_slice x WHERE x.shop_id = p_shop AND x.ticket_id = p_ticket AND x.channel = p_channel AND x.open),
               (SELECT min(f.deadline) FROM holds_of_lines(p_shop, p_ticket, p_channel) f),
               'infinity')
     WHERE c.shop_id = p_shop AND c.ticket_id = p_ticket AND c.channel = p_channel;
END $$;

-- Locks the counters of all grants of a line, and writes what fell due on them by p_effective: not on the grant that something came back to, whose
-- own counter is up to date, nor on others that are.
CREATE FUNCTION lock_and_settle_line(p_shop bigint, p_order bigint, p_line bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    tickets bigint[]; locked bigint[] := '{}'; own credit_grant; s record; g record;
BEGIN
    SELECT * INTO own FROM credit_grant WHERE shop_id = p_shop AND grant_id = p_grant;
    LOOP                                            -- again when a transfer carried credits to another ticket while this waited for the locks
        SELECT array_agg(DISTINCT x.ticket_id) INTO tickets FROM credit_grant x WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line;
        EXIT WHEN tickets IS NULL OR tickets <@ locked;
        PERFORM lock_counters(p_shop, tickets, NULL);
        locked := tickets;
    END LOOP;
    LOOP
        SELECT h.hold_id, h.ticket_id, h.channel, h.deadline INTO s FROM credit_grant x
          JOIN counter c ON c.shop_id = x.shop_id AND c.ticket_id = x.ticket_id AND c.channel = x.channel AND c.next_due_at <= p_effective
          JOIN hold_slice h ON h.shop_id = x.shop_id AND h.ticket_id = x.ticket_id AND h.channel = x.channel AND h.grant_id = x.grant_id
         WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND (x.ticket_id, x.channel) <> (own.ticket_id, own.channel)
           AND h.open AND h.deadline <= p_effective ORDER BY h.deadline, h.hold_id LIMIT 1;
        SELECT x.grant_id, x.expires_at INTO g FROM credit_grant x
          JOIN counter c ON c.shop_id = x.shop_id AND c.ticket_id = x.ticket_id AND c.channel = x.channel AND c.next_due_at <= p_effective
         WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND (x.ticket_id, x.channel) <> (own.ticket_id, own.channel)
           AND x.remaining > 0 AND x.expires_at <= p_effective
         ORDER BY x.expires_at, x.grant_id LIMIT 1;
        EXIT WHEN s.hold_id IS NULL AND g.grant_id IS NULL;
        IF s.hold_id IS NOT NULL AND (g.grant_id IS NULL OR s.deadline <= g.expires_at) THEN
            PERFORM lapse(p_shop, s.hold_id, s.ticket_id, s.channel, p_now);
        ELSE
            PERFORM expire_grant(p_shop, g.grant_id, p_now, g.expires_at, false);
        END IF;
    END LOOP;
END $$;

-- Brings a line's books to the order's money: unused credits share what the shop keeps and was not recognised yet, by their list value; what went
-- back beyond them is negative revenue, and what is kept without anything left to give is revenue. Writes nothing where the books are right.
-- p_grant is the grant that something came back to; NULL in a sight of the order, which holds all locks and has written what was due before it.
CREATE FUNCTION revalue_line(p_shop bigint, p_order bigint, p_line bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    l order_line; net bigint; recognised bigint; unused bigint;
BEGIN
    SELECT * INTO l FROM order_line x WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line;
    IF l.net_minor IS NULL THEN RETURN; END IF;
    IF NOT l.revalued AND (SELECT sum(v.sold - v.refunded) = l.net_minor AND bool_and(v.sold = v.list_minor) FROM line_value v
                            WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line) THEN RETURN; END IF;
    IF p_grant IS NOT NULL THEN PERFORM lock_and_settle_line(p_shop, p_order, p_line, p_grant, p_now, p_effective); END IF;

    SELECT sum(v.sold - v.refunded - v.corrected) INTO recognised FROM line_value v
     WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line;
    SELECT coalesce(sum(g.remaining + g.held), 0), recognised - coalesce(sum(g.value_minor - g.value_taken), 0) INTO unused, recognised
      FROM credit_grant g WHERE g.shop_id = p_shop AND g.order_id = p_order AND g.line_id = p_line AND g.kind IN ('order', 'transfer');
    net := CASE WHEN unused > 0 THEN greatest(0, l.net_minor - recognised) ELSE 0 END; -- what the unused credits share
    PERFORM write_line(p_shop, p_order, p_line, l.ticket_id, net, l.net_minor - recognised - net, p_now, p_effective);
    UPDATE order_line x SET revalued = true WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND NOT x.revalued;
    -- The end of a hold may value the line anew: then it is due on every counter that the line is on.
    UPDATE counter c SET next_due_at = d.deadline
      FROM (SELECT x.ticket_id, x.channel, min(h.deadline) AS deadline
              FROM credit_grant x
              JOIN credit_grant y ON y.shop_id = x.shop_id AND y.order_id = x.order_id AND y.line_id = x.line_id AND y.held > 0
                                 AND revoked_of(y, y.held) <> y.revoked
              JOIN hold_slice h ON h.shop_id = y.shop_id AND h.ticket_id = y.ticket_id AND h.channel = y.channel AND h.grant_id = y.grant_id AND h.open
             WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND x.remaining > 0 GROUP BY 1, 2) d
     WHERE c.shop_id = p_shop AND c.ticket_id = d.ticket_id AND c.channel = d.channel AND c.next_due_at > d.deadline;
END $$;

-- The same with the line's figures decided: what its unused credits defer from now on, and its revenue that no credit was used for.
CREATE FUNCTION write_line(p_shop bigint, p_order bigint, p_line bigint, p_ticket bigint, p_deferred bigint, p_corrected bigint, p_now timestamptz,
                           p_effective timestamptz) RETURNS void
LANGUAGE sql AS $$
    WITH weighed AS (
        SELECT g.grant_id, g.ticket_id, g.channel, g.kind, g.granted, g.remaining + g.held AS unused, g.value_minor - g.value_taken AS deferred,
               share_of(v.list_minor, g.remaining + g.held, greatest(v.list_credits, 1)) AS weight
          FROM credit_grant g
          JOIN line_value v ON v.shop_id = g.shop_id AND v.order_id = g.order_id AND v.line_id = g.line_id AND v.channel = g.channel
         WHERE g.shop_id = p_shop AND g.order_id = p_order AND g.line_id = p_line AND g.kind IN ('order', 'transfer')
    ), heavy AS (
        SELECT w.*, CASE WHEN sum(w.weight) OVER () > 0 THEN w.weight ELSE w.unused END AS part FROM weighed w
    ), granted AS MATERIALIZED (
        SELECT h.*, share_of(p_deferred, sum(h.part) OVER o, sum(h.part) OVER ()) - share_of(p_deferred, sum(h.part) OVER o - h.part, sum(h.part) OVER ()) AS defers
          FROM heavy h WINDOW o AS (ORDER BY h.grant_id)
    ), known AS (
        SELECT v.*, CASE WHEN p_corrected > 0 THEN v.list_minor
                         ELSE v.sold - v.refunded - v.corrected - coalesce((SELECT sum(g.deferred) FROM granted g WHERE g.channel = v.channel), 0) END AS part
          FROM line_value v WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line
    ), booked AS MATERIALIZED (
        SELECT k.channel, k.currency, k.list_minor - k.sold AS sold,
               share_of(p_corrected, sum(k.part) OVER o, sum(k.part) OVER ()) - share_of(p_corrected, sum(k.part) OVER o - k.part, sum(k.part) OVER ())
               - k.corrected AS corrected
          FROM known k WINDOW o AS (ORDER BY k.channel COLLATE "C")
    ), change AS MATERIALIZED (
        SELECT coalesce(g.ticket_id, p_ticket) AS ticket_id, b.channel, g.grant_id, b.currency,
               CASE WHEN g.kind IS DISTINCT FROM 'transfer' THEN b.sold ELSE 0 END AS sold,
               CASE WHEN g.kind IS DISTINCT FROM 'transfer' THEN b.corrected ELSE 0 END AS recognised, coalesce(g.defers - g.deferred, 0) AS deferred
          FROM booked b LEFT JOIN granted g ON g.channel = b.channel
    ), written AS (
        INSERT INTO revaluation (shop_id, ticket_id, channel, grant_id, order_id, line_id, currency, sold, refunded, recognised, deferred, recorded_at,
                                 effective_at, occurred_at)
        SELECT p_shop, c.ticket_id, c.channel, c.grant_id, p_order, p_line, c.currency, c.sold, c.sold - c.recognised - c.deferred, c.recognised,
               c.deferred, p_now, p.effective_at, p.occurred_at
          FROM change c CROSS JOIN system_posting(p_shop, p_now, p_effective) p WHERE c.sold <> 0 OR c.recognised <> 0 OR c.deferred <> 0 ORDER BY c.channel, c.grant_id
    ), kept AS (
        UPDATE line_value v SET sold = v.sold + x.sold, corrected = v.corrected + x.recognised, refunded = v.refunded + x.sold - x.recognised - x.deferred
          FROM (SELECT c.channel, sum(c.sold) AS sold, sum(c.recognised) AS recognised, sum(c.deferred) AS deferred FROM change c GROUP BY 1) x
         WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line AND v.channel = x.channel
    )
    UPDATE credit_grant c SET value_minor = least(1000000000000, share_of(g.defers, c.granted, g.unused)),
                              value_taken = least(1000000000000, share_of(g.defers, c.granted, g.unused)) - g.defers
      FROM granted g WHERE c.shop_id = p_shop AND c.grant_id = g.grant_id AND g.unused > 0
$$;

-- One order line and channel. p_value is the worth of p_of credits (all that the line ordered); p_low is a count, p_low_percent a percentage.
-- What is past expiry and was not granted just now is expired by `settle_orders`, after `value_line`. Returns whether anything was written.
CREATE OR REPLACE FUNCTION sync_line(p_shop bigint, p_order bigint, p_line bigint, p_channel text, p_ticket bigint, p_entitled bigint,
                          p_of bigint, p_value bigint, p_currency text, p_starts timestamptz, p_expires timestamptz,
                          p_low bigint, p_low_percent integer, p_overdraft bigint, p_modified timestamptz, p_now timestamptz, p_quiet boolean)
RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    grants bigint[]; g bigint; o credit_grant; p posting; changed boolean := false; raise_by bigint; worth bigint; expires timestamptz; at timestamptz;
BEGIN
    SELECT array_agg(x.grant_id ORDER BY x.grant_id) INTO grants FROM credit_grant x
     WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND x.channel = p_channel AND x.kind IN ('order', 'transfer');
    p := system_posting(p_shop, p_now, least(p_now, p_starts));
    p.order_id := p_order; p.line_id := p_line; p.quiet := p_quiet;
    expires := coalesce(p_expires, 'infinity');
    INSERT INTO line_value (shop_id, order_id, line_id, channel, currency, list_minor, list_credits)
    SELECT p_shop, p_order, p_line, p_channel, p_currency, p_value, p_of WHERE p_entitled > 0 OR grants IS NOT NULL
        ON CONFLICT ON CONSTRAINT line_value_pkey DO NOTHING;
    SELECT greatest(0, v.list_minor - v.sold) INTO worth FROM line_value v -- what the credits that are granted now are sold for
     WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line AND v.channel = p_channel;

    IF grants IS NULL THEN
        IF p_entitled = 0 THEN RETURN false; END IF;
        PERFORM open_counter(p_shop, p_ticket, p_channel);
        PERFORM lock_counters(p_shop, ARRAY[p_ticket], p_channel);
        INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, order_id, line_id, granted, entitled, currency, value_minor, starts_at, expires_at)
        VALUES (p_shop, p_ticket, p_channel, 'order', p_order, p_line, p_entitled, p_entitled, p_currency, worth, p_starts, expires)
        RETURNING * INTO o;
        raise_by := p_entitled;
        changed := true;
    ELSE
        IF cardinality(grants) = 1 THEN
            UPDATE credit_grant SET entitled = p_entitled WHERE shop_id = p_shop AND grant_id = grants[1] AND entitled <> p_entitled;
        ELSE
            PERFORM share_entitlement(p_shop, grants, p_entitled);
        END IF;
        SELECT * INTO STRICT o FROM credit_grant WHERE shop_id = p_shop AND order_id = p_order AND line_id = p_line AND channel = p_channel AND kind = 'order';
        raise_by := greatest(0, p_entitled - o.granted);
        IF raise_by > 0 OR EXISTS (SELECT FROM credit_grant x WHERE x.shop_id = p_shop AND x.grant_id = ANY (grants) AND revoked_of(x, 0) <> x.revoked) THEN
            at := sight_instant(p_shop, p_order, p_line, p_modified, p_starts, p_now);
            FOREACH g IN ARRAY grants LOOP changed := entitle_grant(p_shop, g, p_now, at, p_quiet) OR changed; END LOOP;
        END IF;
        IF raise_by > 0 THEN
            UPDATE credit_grant x
               SET granted = p_entitled, entitled = greatest(x.entitled, x.entitled + CASE WHEN cardinality(grants) > 1 THEN raise_by ELSE 0 END),
                   value_minor = least(1000000000000, share_of(x.value_minor - x.value_taken + worth, p_entitled, x.remaining + x.held + raise_by)),
                   value_taken = least(1000000000000, share_of(x.value_minor - x.value_taken + worth, p_entitled, x.remaining + x.held + raise_by))
                                 - (x.value_minor - x.value_taken + worth)
             WHERE x.shop_id = p_shop AND x.grant_id = o.grant_id;
            p := system_posting(p_shop, p_now, at);
            p.order_id := p_order; p.line_id := p_line; p.quiet := p_quiet;
            changed := true;
        END IF;
    END IF;

    IF raise_by > 0 THEN
        UPDATE line_value v SET sold = v.sold + worth
         WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line AND v.channel = p_channel;
        UPDATE counter SET low_at = coalesce(p_low, ceil(p_entitled * p_low_percent / 100.0)::bigint, low_at),
                           overdraft = greatest(overdraft, p_overdraft), next_due_at = least(next_due_at, o.expires_at)
         WHERE shop_id = p_shop AND ticket_id = o.ticket_id AND channel = p_channel;
        PERFORM post(p_shop, o.ticket_id, p_channel, 'grant', ARRAY[o.grant_id], ARRAY[raise_by], ARRAY[worth], p);
        -- What had expired before the order was last changed did so with all its value.
        IF grants IS NULL AND o.expires_at <= least(p_now, p_modified) THEN PERFORM expire_grant(p_shop, o.grant_id, p_now, o.expires_at, true); END IF;
    END IF;
    IF changed THEN
        UPDATE counter c SET shortfall = shortfall_of(p_shop, c.ticket_id, p_channel)
         WHERE c.shop_id = p_shop AND c.channel = p_channel
           AND c.ticket_id IN (SELECT x.ticket_id FROM credit_grant x WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line
                                  AND x.channel = p_channel AND x.kind IN ('order', 'transfer'));
    ELSIF grants IS NOT NULL THEN                   -- entitled may have moved with nothing left to revoke: only the shortfall shows it
        UPDATE counter c SET shortfall = s.shortfall
          FROM (SELECT DISTINCT x.ticket_id, shortfall_of(p_shop, x.ticket_id, p_channel) AS shortfall FROM credit_grant x
                 WHERE x.shop_id = p_shop AND x.grant_id = ANY (grants)) s
         WHERE c.shop_id = p_shop AND c.ticket_id = s.ticket_id AND c.channel = p_channel AND c.shortfall <> s.shortfall;
    END IF;
    RETURN changed;
END $$;

-- Tells a line what the order's money is now, after its channels were synced. A line whose order came to be of another currency keeps its books.
CREATE FUNCTION value_line(p_shop bigint, p_order bigint, p_line bigint, p_currency text, p_net bigint, p_changed boolean, p_modified timestamptz,
                           p_starts timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    is_due boolean := p_changed; v record;
BEGIN
    SELECT bool_and(x.currency = p_currency) AS is_same, bool_or(x.sold <> x.list_minor) AS is_off INTO v FROM line_value x
     WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line;
    IF v.is_same IS NULL THEN RETURN; END IF;       -- nothing was ever granted
    IF v.is_same THEN
        UPDATE order_line l SET net_minor = p_net
         WHERE l.shop_id = p_shop AND l.order_id = p_order AND l.line_id = p_line AND l.net_minor IS DISTINCT FROM p_net;
        is_due := is_due OR FOUND OR v.is_off;
    END IF;
    IF is_due THEN
        PERFORM revalue_line(p_shop, p_order, p_line, NULL, p_now, sight_instant(p_shop, p_order, p_line, p_modified, p_starts, p_now));
    END IF;
END $$;

-- After a sight of orders: expires what is past, quietly.
CREATE FUNCTION settle_orders(p_shop bigint, p_orders bigint[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE g record;
BEGIN
    FOR g IN
        SELECT x.grant_id, x.order_id, x.line_id, x.starts_at, coalesce(o.modified_at, p_now) AS modified_at
          FROM credit_grant x LEFT JOIN shop_order o ON o.shop_id = x.shop_id AND o.order_id = x.order_id
         WHERE x.shop_id = p_shop AND x.order_id = ANY (p_orders) AND x.kind IN ('order', 'transfer') AND x.remaining > 0 AND x.expires_at <= p_now
         ORDER BY x.expires_at, x.grant_id
    LOOP PERFORM expire_grant(p_shop, g.grant_id, p_now, sight_instant(p_shop, g.order_id, g.line_id, g.modified_at, g.starts_at, p_now), true); END LOOP;
    FOR g IN
        SELECT DISTINCT c.ticket_id, c.channel FROM credit_grant x JOIN counter c ON c.shop_id = x.shop_id AND c.ticket_id = x.ticket_id AND c.channel = x.channel
         WHERE x.shop_id = p_shop AND x.order_id = ANY (p_orders) AND c.next_due_at <= p_now ORDER BY 1, 2
    LOOP PERFORM settle_counter(p_shop, g.ticket_id, g.channel, p_now, true); END LOOP;
END $$;
