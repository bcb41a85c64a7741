-- The rules of the ledger. Locks are taken in one order everywhere: idempotency keys (sorted), then orders (by id), then the customer,
-- then counters (by shop, ticket, channel), then holds. Whoever calls a function below the line "under locks" holds the counters' locks.
-- Domain/Model says the same rules in Swift and is the oracle these are held against.

-- Who writes an entry, when, and what it refers to.
CREATE TYPE posting AS (
    actor_id bigint, recorded_at timestamptz, effective_at timestamptz, occurred_at timestamptz,
    usage_id bigint, corrects_id bigint, hold_id bigint, for_ticket_id bigint, order_id bigint, line_id bigint,
    reason text, rule_version integer, quiet boolean
);

-- How much of a grant's value its first `p_count` credits carry: half away from zero, so that the parts always sum to the whole.
CREATE FUNCTION cumulative_value(p_value bigint, p_count bigint, p_granted bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN p_value = 0 OR p_count <= 0 THEN 0 ELSE round(p_value::numeric * p_count / p_granted)::bigint END $$;

CREATE FUNCTION system_actor(p_shop bigint) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT actor_id FROM actor WHERE shop_id = p_shop AND kind = 'system' AND label = 'supportmeter' $$;

CREATE FUNCTION system_posting(p_shop bigint, p_now timestamptz, p_effective timestamptz) RETURNS posting LANGUAGE sql STABLE AS
$$ SELECT ROW(system_actor(p_shop), p_now, p_effective, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false)::posting $$;

CREATE FUNCTION tell(p_shop bigint, p_topic text, p_ticket bigint, p_channel text, p_payload jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (shop_id, topic, ticket_id, channel, payload, created_at)
    VALUES (p_shop, p_topic, p_ticket, p_channel, p_payload, p_now);
    PERFORM pg_notify('supportmeter_outbox', '');
END $$;

-- Locks the counters of the given tickets (one channel, or all when NULL) in the fixed order.
CREATE FUNCTION lock_counters(p_shop bigint, p_tickets bigint[], p_channel text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (
        SELECT 1 FROM counter
         WHERE shop_id = p_shop AND ticket_id = ANY (p_tickets) AND (p_channel IS NULL OR channel = p_channel)
         ORDER BY shop_id, ticket_id, channel FOR UPDATE) locked;
END $$;

---------------------------------------------------------------------------------------------------------------- under locks

-- The one way a counter, its grants and the ledger change together. Slices name grants of this counter; see `entry` for the kinds.
CREATE FUNCTION post(p_shop bigint, p_ticket bigint, p_channel text, p_kind text,
                     p_grants bigint[], p_quantities bigint[], p_values bigint[], p posting) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    q bigint;
    g integer := (p_kind IN ('grant', 'adjustment-in', 'transfer-in', 'overdraft'))::integer;
    u integer := CASE WHEN p_kind IN ('usage', 'capture') THEN 1 WHEN p_kind = 'reversal' THEN -1 ELSE 0 END;
    h integer := CASE WHEN p_kind = 'hold' THEN 1 WHEN p_kind IN ('capture', 'release', 'lapse') THEN -1 ELSE 0 END;
    x integer := (p_kind = 'expiry')::integer;
    r integer := CASE p_kind WHEN 'revocation' THEN 1 WHEN 'restoration' THEN -1 ELSE 0 END;
    t integer := (p_kind IN ('adjustment-out', 'transfer-out'))::integer;
    c counter;
    before bigint;
    id bigint;
    worth integer;
BEGIN
    SELECT sum(quantity) INTO q FROM unnest(p_quantities) AS s (quantity);
    worth := u + x + r + t;                         -- hold, release and lapse move no value; grants carry theirs themselves
    IF g = 0 THEN
        UPDATE credit_grant cg
           SET used = used + u * s.quantity, held = held + h * s.quantity, expired = expired + x * s.quantity,
               revoked = revoked + r * s.quantity, taken = taken + t * s.quantity,
               moved = moved + CASE p_kind WHEN 'transfer-out' THEN s.quantity ELSE 0 END,
               value_taken = value_taken + sign(worth)::integer * s.value
          FROM unnest(p_grants, p_quantities, p_values) AS s (grant_id, quantity, value)
         WHERE cg.shop_id = p_shop AND cg.grant_id = s.grant_id AND cg.ticket_id = p_ticket AND cg.channel = p_channel;
    END IF;
    UPDATE counter
       SET granted = granted + g * q, used = used + u * q, held = held + h * q, expired = expired + x * q, revoked = revoked + (r + t) * q,
           remaining = remaining + (g - u - h - x - r - t) * q,
           shortfall = CASE WHEN p_kind IN ('capture', 'reversal') THEN shortfall_of(p_shop, p_ticket, p_channel) ELSE shortfall END,
           -- Credits that come back to a grant that had none left make its expiry count again.
           next_due_at = CASE WHEN p_kind IN ('release', 'lapse', 'reversal', 'restoration') THEN least(next_due_at,
                (SELECT min(x.expires_at) FROM credit_grant x
                  WHERE x.shop_id = p_shop AND x.grant_id = ANY (p_grants) AND x.expires_at > p.recorded_at)) ELSE next_due_at END
     WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel
    RETURNING * INTO STRICT c;
    before := c.remaining - (g - u - h - x - r - t) * q;

    INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values,
                       actor_id, recorded_at, effective_at, occurred_at, usage_id, corrects_id, hold_id, for_ticket_id, order_id, line_id,
                       reason, rule_version)
    VALUES (p_shop, p_ticket, p_channel, p_kind, q, c.remaining, p_grants, p_quantities, p_values,
            p.actor_id, p.recorded_at, p.effective_at, p.occurred_at, p.usage_id, p.corrects_id, p.hold_id, p.for_ticket_id, p.order_id,
            p.line_id, p.reason, p.rule_version)
    RETURNING entry_id INTO id;

    IF p_kind IN ('usage', 'hold', 'expiry', 'adjustment-out', 'transfer-out') THEN
        PERFORM alert(c, before, p.recorded_at, p.quiet);
    ELSIF p_kind IN ('grant', 'adjustment-in', 'transfer-in') THEN -- a top-up re-arms
        UPDATE counter SET low_fired = low_at IS NULL OR remaining <= low_at, empty_fired = remaining = 0
         WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel;
    END IF;
    RETURN id;
END $$;

-- Fires `low` and `empty` once per crossing. A quiet crossing (what had run out before the first import) is only remembered.
CREATE FUNCTION alert(c counter, p_before bigint, p_now timestamptz, p_quiet boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low boolean := NOT c.low_fired AND c.low_at IS NOT NULL AND p_before > c.low_at AND c.remaining <= c.low_at;
    empty boolean := NOT c.empty_fired AND p_before > 0 AND c.remaining = 0;
    payload jsonb := jsonb_build_object('ticket', c.ticket_id, 'channel', c.channel, 'remaining', c.remaining, 'low_at', c.low_at);
BEGIN
    IF NOT low AND NOT empty THEN RETURN; END IF;
    UPDATE counter SET low_fired = low_fired OR low, empty_fired = empty_fired OR empty
     WHERE shop_id = c.shop_id AND ticket_id = c.ticket_id AND channel = c.channel;
    IF p_quiet THEN RETURN; END IF;
    IF low THEN PERFORM tell(c.shop_id, 'credits.low', c.ticket_id, c.channel, payload, p_now); END IF;
    IF empty THEN PERFORM tell(c.shop_id, 'credits.empty', c.ticket_id, c.channel, payload, p_now); END IF;
END $$;

-- Credits used that the order no longer entitles to, over the grants of one counter.
CREATE FUNCTION shortfall_of(p_shop bigint, p_ticket bigint, p_channel text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(greatest(0, used - entitled)), 0)::bigint FROM credit_grant
     WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel AND order_id IS NOT NULL
$$;

-- The value that taking `p_quantity` more credits takes out of a grant: cumulative over the grant, so that all slices sum to its value.
CREATE FUNCTION value_of(g credit_grant, p_quantity bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(0, cumulative_value(g.value_minor, g.granted - g.remaining - g.held + p_quantity, g.granted) - g.value_taken)
$$;

-- P7: which grants a quantity is drawn from. Not expired; earliest expiry, oldest grant, id. Draws less when they do not suffice.
CREATE FUNCTION draw(p_shop bigint, p_ticket bigint, p_channel text, p_quantity bigint, p_now timestamptz, p_valued boolean,
                     OUT grants bigint[], OUT quantities bigint[], OUT worths bigint[], OUT drawn bigint)
LANGUAGE sql STABLE AS $$
    SELECT array_agg(s.grant_id ORDER BY s.place), array_agg(s.quantity ORDER BY s.place),
           array_agg(CASE WHEN p_valued THEN value_of(s.g, s.quantity) ELSE 0 END ORDER BY s.place), coalesce(sum(s.quantity), 0)::bigint
      FROM (SELECT g.grant_id, g, row_number() OVER w AS place,
                   least(g.remaining, p_quantity - (sum(g.remaining) OVER w - g.remaining))::bigint AS quantity
              FROM credit_grant g
             WHERE g.shop_id = p_shop AND g.ticket_id = p_ticket AND g.channel = p_channel AND g.remaining > 0 AND g.expires_at > p_now
            WINDOW w AS (ORDER BY g.expires_at, g.starts_at, g.grant_id)) s
     WHERE s.quantity > 0
$$;

-- How many of a grant's credits must stand revoked once `p_back` held ones have come back. An order's grant answers for what the order
-- entitles it to, and what adjustments took comes on top; an overdraft answers only for what is used or held of it: what comes back of it
-- is owed no longer, and cannot be spent.
CREATE FUNCTION revoked_of(g credit_grant, p_back bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(0, least(g.granted - g.moved - CASE WHEN g.kind = 'overdraft' THEN g.used + g.held - p_back ELSE g.entitled END,
                             g.remaining + p_back + g.revoked))
$$;

-- After anything that a grant's rule depends on: revoke what is no longer entitled, give back what is again, expire what is past.
CREATE FUNCTION settle_grant(p_shop bigint, p_grant bigint, p_now timestamptz, p_effective timestamptz, p_quiet boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g credit_grant;
    p posting;
    due bigint;
    changed boolean := false;
BEGIN
    SELECT * INTO STRICT g FROM credit_grant WHERE shop_id = p_shop AND grant_id = p_grant;
    p := system_posting(p_shop, p_now, p_effective);
    p.order_id := g.order_id; p.line_id := g.line_id; p.quiet := p_quiet;
    due := revoked_of(g, 0) - g.revoked;
    IF due > 0 THEN
        PERFORM post(p_shop, g.ticket_id, g.channel, 'revocation', ARRAY[g.grant_id], ARRAY[due], ARRAY[value_of(g, due)], p);
        changed := true;
    ELSIF due < 0 THEN
        PERFORM post(p_shop, g.ticket_id, g.channel, 'restoration', ARRAY[g.grant_id], ARRAY[-due],
            ARRAY[greatest(0, g.value_taken - cumulative_value(g.value_minor, g.granted - g.remaining - g.held + due, g.granted))], p);
        changed := true;
    END IF;
    IF g.expires_at <= p_now THEN
        SELECT * INTO STRICT g FROM credit_grant WHERE shop_id = p_shop AND grant_id = p_grant;
        IF g.remaining > 0 THEN
            p.effective_at := greatest(g.expires_at, p_effective);
            PERFORM post(p_shop, g.ticket_id, g.channel, 'expiry', ARRAY[g.grant_id], ARRAY[g.remaining], ARRAY[value_of(g, g.remaining)], p);
            changed := true;
        END IF;
    END IF;
    RETURN changed;
END $$;

-- The part of a lapsed hold that lies on one counter goes back to its grants.
CREATE FUNCTION lapse(p_shop bigint, p_hold bigint, p_ticket bigint, p_channel text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    grants bigint[]; quantities bigint[]; at timestamptz; g bigint; p posting;
BEGIN
    SELECT array_agg(grant_id ORDER BY grant_id), array_agg(quantity ORDER BY grant_id), min(deadline) INTO grants, quantities, at
      FROM hold_slice WHERE shop_id = p_shop AND hold_id = p_hold AND ticket_id = p_ticket AND channel = p_channel AND open;
    p := system_posting(p_shop, p_now, at);
    p.hold_id := p_hold;
    SELECT nullif(ticket_id, p_ticket) INTO p.for_ticket_id FROM hold WHERE shop_id = p_shop AND hold_id = p_hold;
    PERFORM post(p_shop, p_ticket, p_channel, 'lapse', grants, quantities, array_fill(0::bigint, ARRAY[cardinality(grants)]), p);
    UPDATE hold_slice SET open = false WHERE shop_id = p_shop AND hold_id = p_hold AND ticket_id = p_ticket AND channel = p_channel;
    UPDATE hold SET status = 'lapsed', ended_at = at WHERE shop_id = p_shop AND hold_id = p_hold AND status = 'active';
    FOREACH g IN ARRAY grants LOOP PERFORM settle_grant(p_shop, g, p_now, at, false); END LOOP;
END $$;

-- P8: writes what became due, in the order of time, each with its own instant as effective_at.
CREATE FUNCTION settle_counter(p_shop bigint, p_ticket bigint, p_channel text, p_now timestamptz, p_quiet boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    s hold_slice; g credit_grant;
BEGIN
    LOOP
        SELECT * INTO s FROM hold_slice
         WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel AND open AND deadline <= p_now
         ORDER BY deadline, hold_id LIMIT 1;
        SELECT * INTO g FROM credit_grant
         WHERE shop_id = p_shop AND ticket_id = p_ticket AND channel = p_channel AND remaining > 0 AND expires_at <= p_now
         ORDER BY expires_at, grant_id LIMIT 1;
        EXIT WHEN s.hold_id IS NULL AND g.grant_id IS NULL;
        IF s.hold_id IS NOT NULL AND (g.grant_id IS NULL OR s.deadline <= g.expires_at) THEN
            PERFORM lapse(p_shop, s.hold_id, p_ticket, p_channel, p_now);
        ELSE
            PERFORM settle_grant(p_shop, g.grant_id, p_now, g.expires_at, p_quiet);
        END IF;
    END LOOP;
    UPDATE counter c SET next_due_at = least(
               (SELECT min(expires_at) FROM credit_grant x
                 WHERE x.shop_id = p_shop AND x.ticket_id = p_ticket AND x.channel = p_channel AND x.remaining + x.held > 0 AND x.expires_at > p_now),
               (SELECT min(deadline) FROM hold_slice x WHERE x.shop_id = p_shop AND x.ticket_id = p_ticket AND x.channel = p_channel AND x.open),
               'infinity')
     WHERE c.shop_id = p_shop AND c.ticket_id = p_ticket AND c.channel = p_channel;
END $$;

-- Locks, and settles what is due: after it, a counter's row is true as of p_now.
CREATE FUNCTION lock_and_settle(p_shop bigint, p_tickets bigint[], p_channel text, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c record;
BEGIN
    PERFORM lock_counters(p_shop, p_tickets, p_channel);
    FOR c IN SELECT ticket_id, channel FROM counter
              WHERE shop_id = p_shop AND ticket_id = ANY (p_tickets) AND (p_channel IS NULL OR channel = p_channel) AND next_due_at <= p_now
              ORDER BY ticket_id, channel
    LOOP PERFORM settle_counter(p_shop, c.ticket_id, c.channel, p_now, false); END LOOP;
END $$;

-- A counter whose first credits arrive. The caller then locks it.
CREATE FUNCTION open_counter(p_shop bigint, p_ticket bigint, p_channel text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO counter (shop_id, ticket_id, channel) VALUES (p_shop, p_ticket, p_channel) ON CONFLICT ON CONSTRAINT counter_pkey DO NOTHING
$$;

---------------------------------------------------------------------------------------------------------------- reads

-- P8, P10: the one place where "what is left" comes from. What is due but not yet recorded counts as recorded.
CREATE FUNCTION counters_at(p_shop bigint, p_tickets bigint[], p_now timestamptz)
RETURNS TABLE (ticket_id bigint, channel text, granted bigint, used bigint, held bigint, expired bigint, revoked bigint, remaining bigint,
               shortfall bigint, low_at bigint, expires_at timestamptz)
LANGUAGE sql STABLE ROWS 60 AS $$
    SELECT c.ticket_id, c.channel, c.granted, c.used, c.held - coalesce(d.lapsed, 0), c.expired + coalesce(d.expired, 0),
           c.revoked + coalesce(d.revoked, 0), c.remaining + coalesce(d.lapsed - d.expired - d.revoked, 0), c.shortfall, c.low_at,
           nullif(c.next_due_at, 'infinity')
      FROM counter c
      LEFT JOIN LATERAL (
            SELECT sum(lapsed)::bigint AS lapsed, sum(revoked)::bigint AS revoked,
                   sum(CASE WHEN x.expires_at <= p_now THEN x.remaining + x.lapsed - x.revoked ELSE 0 END)::bigint AS expired
              FROM (SELECT g.expires_at, g.remaining, l.lapsed,
                           revoked_of(g, l.lapsed) - g.revoked AS revoked
                      FROM credit_grant g
                      CROSS JOIN LATERAL (SELECT coalesce(sum(s.quantity), 0)::bigint AS lapsed FROM hold_slice s
                                           WHERE s.shop_id = g.shop_id AND s.ticket_id = g.ticket_id AND s.channel = g.channel
                                             AND s.grant_id = g.grant_id AND s.open AND s.deadline <= p_now) l
                     WHERE g.shop_id = c.shop_id AND g.ticket_id = c.ticket_id AND g.channel = c.channel
                       AND (g.expires_at <= p_now OR l.lapsed > 0)) x
           ) d ON c.next_due_at <= p_now
     WHERE c.shop_id = p_shop AND c.ticket_id = ANY (p_tickets)
$$;

-- What one credit of an entry of each kind adds to the parts of its counter (Domain's EntryKind.effect).
CREATE FUNCTION entry_effects() RETURNS TABLE (kind text, granted integer, used integer, held integer, expired integer, revoked integer)
LANGUAGE sql IMMUTABLE ROWS 15 AS $$
    VALUES ('grant', 1, 0, 0, 0, 0), ('adjustment-in', 1, 0, 0, 0, 0), ('transfer-in', 1, 0, 0, 0, 0), ('overdraft', 1, 0, 0, 0, 0),
           ('usage', 0, 1, 0, 0, 0), ('reversal', 0, -1, 0, 0, 0), ('hold', 0, 0, 1, 0, 0), ('capture', 0, 1, -1, 0, 0),
           ('release', 0, 0, -1, 0, 0), ('lapse', 0, 0, -1, 0, 0), ('expiry', 0, 0, 0, 1, 0), ('revocation', 0, 0, 0, 0, 1),
           ('restoration', 0, 0, 0, 0, -1), ('adjustment-out', 0, 0, 0, 0, 1), ('transfer-out', 0, 0, 0, 0, 1)
$$;

-- Counters as of an instant that has passed: the fold of the entries effective by then, and what was due by then but is not recorded yet.
CREATE FUNCTION counters_as_of(p_shop bigint, p_tickets bigint[], p_at timestamptz)
RETURNS TABLE (ticket_id bigint, channel text, granted bigint, used bigint, held bigint, expired bigint, revoked bigint)
LANGUAGE sql STABLE AS $$
    WITH fold AS (
        SELECT e.ticket_id, e.channel, sum(e.quantity * f.granted)::bigint AS granted, sum(e.quantity * f.used)::bigint AS used,
               sum(e.quantity * f.held)::bigint AS held, sum(e.quantity * f.expired)::bigint AS expired, sum(e.quantity * f.revoked)::bigint AS revoked
          FROM entry e JOIN entry_effects() f ON f.kind = e.kind
         WHERE e.shop_id = p_shop AND e.ticket_id = ANY (p_tickets) AND e.effective_at <= p_at
         GROUP BY 1, 2)
    SELECT f.ticket_id, f.channel, f.granted, f.used, f.held + d.held - c.held, f.expired + d.expired - c.expired, f.revoked + d.revoked - c.revoked
      FROM fold f
      JOIN counter c ON c.shop_id = p_shop AND c.ticket_id = f.ticket_id AND c.channel = f.channel
      JOIN counters_at(p_shop, p_tickets, p_at) d ON d.ticket_id = f.ticket_id AND d.channel = f.channel
$$;

-- Credits that people of the role moved on the ticket since the day began: what a cap per ticket and day counts. One's own reversals are free;
-- what went back to lenders counts for the ticket that it was spent for.
CREATE FUNCTION moved_today(p_shop bigint, p_ticket bigint, p_role text, p_day_start timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(e.quantity), 0)::bigint
      FROM ticket t JOIN ticket o ON o.shop_id = t.shop_id AND o.customer_id = t.customer_id
      JOIN entry e ON e.shop_id = o.shop_id AND e.ticket_id = o.ticket_id
      JOIN actor a ON a.shop_id = e.shop_id AND a.actor_id = e.actor_id
      LEFT JOIN entry was ON was.shop_id = e.shop_id AND was.entry_id = e.corrects_id AND e.kind = 'reversal'
     WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket AND coalesce(e.for_ticket_id, e.ticket_id) = p_ticket
       AND e.recorded_at >= p_day_start AND a.role = p_role
       AND (e.kind IN ('adjustment-in', 'adjustment-out', 'transfer-out') OR (e.kind = 'reversal' AND was.actor_id <> e.actor_id))
$$;
