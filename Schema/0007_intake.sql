-- From an order to its grants: compares what the order entitles to with what the ledger says it granted, and writes the difference (P2).

-- Locks, in the fixed order, every counter that the given orders' grants lie on and those of the given tickets.
CREATE FUNCTION lock_order_counters(p_shop bigint, p_orders bigint[], p_tickets bigint[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE tickets bigint[]; locked bigint[] := '{}';
BEGIN
    LOOP                                            -- again when a transfer carried credits to another ticket while this waited for the locks
        SELECT array_agg(DISTINCT t) INTO tickets FROM (
            SELECT unnest(p_tickets) AS t
            UNION ALL SELECT g.ticket_id FROM credit_grant g WHERE g.shop_id = p_shop AND g.order_id = ANY (p_orders) AND g.kind IN ('order', 'transfer')) x
         WHERE t IS NOT NULL;
        EXIT WHEN tickets IS NULL OR tickets <@ locked;
        PERFORM lock_and_settle(p_shop, tickets, NULL, p_now);
        locked := tickets;
    END LOOP;
END $$;

-- Shares what a line is entitled to over its grants when a transfer has split it, in layers across all of them by id: what is used, what is
-- held, what has expired, what adjustments took, what remains where it is, what was revoked. So a transfer is never undone. (Domain's EntitlementShare.)
CREATE FUNCTION share_entitlement(p_shop bigint, p_grants bigint[], p_entitled bigint) RETURNS void LANGUAGE sql AS $$
    WITH layer AS (
        SELECT g.grant_id, l.size, sum(l.size) OVER (ORDER BY l.layer, g.grant_id) - l.size AS before
          FROM credit_grant g
         CROSS JOIN LATERAL (VALUES (1, g.used), (2, g.held), (3, g.expired), (4, g.taken - g.moved), (5, g.remaining), (6, g.revoked)) AS l (layer, size)
         WHERE g.shop_id = p_shop AND g.grant_id = ANY (p_grants)
    ), share AS (
        SELECT grant_id, sum(greatest(0, least(size, p_entitled - before)))::bigint AS entitled FROM layer GROUP BY grant_id)
    UPDATE credit_grant g SET entitled = s.entitled FROM share s WHERE g.shop_id = p_shop AND g.grant_id = s.grant_id
$$;

-- One order line and channel. p_value is the worth of p_of credits (all that the line ordered); p_low is a count, p_low_percent a percentage.
-- Returns whether anything was written.
CREATE FUNCTION sync_line(p_shop bigint, p_order bigint, p_line bigint, p_channel text, p_ticket bigint, p_entitled bigint,
                          p_of bigint, p_value bigint, p_currency text, p_starts timestamptz, p_expires timestamptz,
                          p_low bigint, p_low_percent integer, p_overdraft bigint, p_modified timestamptz, p_now timestamptz, p_quiet boolean)
RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    grants bigint[]; g bigint; o credit_grant; p posting; changed boolean := false; raise_by bigint; worth bigint; expires timestamptz;
BEGIN
    SELECT array_agg(x.grant_id ORDER BY x.grant_id) INTO grants FROM credit_grant x
     WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND x.channel = p_channel AND x.kind IN ('order', 'transfer');
    p := system_posting(p_shop, p_now, least(p_now, p_starts));
    p.order_id := p_order; p.line_id := p_line; p.quiet := p_quiet;
    expires := coalesce(p_expires, 'infinity');
    worth := round(p_value::numeric * p_entitled / greatest(p_of, 1))::bigint;

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
        FOREACH g IN ARRAY grants LOOP
            changed := settle_grant(p_shop, g, p_now, least(p_now, greatest(p_modified, p_starts)), p_quiet) OR changed;
        END LOOP;
        SELECT * INTO STRICT o FROM credit_grant WHERE shop_id = p_shop AND order_id = p_order AND line_id = p_line AND channel = p_channel AND kind = 'order';
        raise_by := greatest(0, p_entitled - o.granted);
        IF raise_by > 0 THEN
            UPDATE credit_grant SET granted = p_entitled, entitled = greatest(entitled, entitled + CASE WHEN cardinality(grants) > 1 THEN raise_by ELSE 0 END),
                                    value_minor = greatest(worth, value_taken)
             WHERE shop_id = p_shop AND grant_id = o.grant_id;
            worth := greatest(worth, o.value_taken) - o.value_minor; -- what the entry adds to the grant's value
            changed := true;
        ELSIF p_entitled > 0 AND o.remaining + o.held > 0 THEN -- the line's price was edited: what is still unused carries the difference
            UPDATE credit_grant SET value_minor = greatest(value_taken, round(p_value::numeric * granted / greatest(p_of, 1))::bigint)
             WHERE shop_id = p_shop AND grant_id = o.grant_id AND cardinality(grants) = 1
               AND value_minor <> greatest(value_taken, round(p_value::numeric * granted / greatest(p_of, 1))::bigint);
        END IF;
    END IF;

    IF raise_by > 0 THEN
        UPDATE counter SET low_at = coalesce(p_low, ceil(p_entitled * p_low_percent / 100.0)::bigint, low_at),
                           overdraft = greatest(overdraft, p_overdraft), next_due_at = least(next_due_at, o.expires_at)
         WHERE shop_id = p_shop AND ticket_id = o.ticket_id AND channel = p_channel;
        PERFORM post(p_shop, o.ticket_id, p_channel, 'grant', ARRAY[o.grant_id], ARRAY[raise_by], ARRAY[worth], p);
        IF o.expires_at <= p_now THEN PERFORM settle_counter(p_shop, o.ticket_id, p_channel, p_now, true); END IF;
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

-- What fell due anywhere: settled a few counters at a time, skipping those that someone is working on. Returns how many were settled.
CREATE FUNCTION settle_due(p_now timestamptz, p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE c record; n integer := 0;
BEGIN
    FOR c IN SELECT shop_id, ticket_id, channel FROM counter WHERE next_due_at <= p_now ORDER BY shop_id, ticket_id, channel
              LIMIT p_most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM settle_counter(c.shop_id, c.ticket_id, c.channel, p_now, false);
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;

-- Expiry notices 30, 7 and 1 days before: one per grant and mark, told once. Returns how many were told.
CREATE FUNCTION notify_expiring(p_now timestamptz, p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE g record; n integer := 0;
BEGIN
    FOR g IN
        SELECT x.*, m.days FROM credit_grant x
         CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(ARRAY[1, 7, 30]) AS d WHERE x.expires_at <= p_now + make_interval(days => d)) m
         WHERE x.expires_at > p_now AND x.expires_at <= p_now + interval '30 days' AND x.remaining > 0
           AND (x.notified_days IS NULL OR x.notified_days > m.days)
         ORDER BY x.shop_id, x.grant_id LIMIT p_most FOR UPDATE OF x SKIP LOCKED
    LOOP
        UPDATE credit_grant SET notified_days = g.days WHERE shop_id = g.shop_id AND grant_id = g.grant_id;
        PERFORM tell(g.shop_id, 'credits.expiring', g.ticket_id, g.channel,
            jsonb_build_object('ticket', g.ticket_id, 'channel', g.channel, 'expiring', g.remaining, 'days', g.days,
                               'expires_at', to_char(g.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), p_now);
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;
