-- Functions that keep their plans. A function in SQL is planned anew whenever a statement calls it, which cost more than what it did; in PL/pgSQL
-- its statements are planned once a session. What they answer is the same, to the last minor unit.
-- And `sync_line` looked through all counters of the shop for those of its line: now it names them.

CREATE OR REPLACE FUNCTION shortfall_of(p_shop bigint, p_ticket bigint, p_channel text) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT coalesce(sum(greatest(0, g.used - g.entitled)), 0)::bigint FROM credit_grant g
             WHERE g.shop_id = p_shop AND g.ticket_id = p_ticket AND g.channel = p_channel AND g.order_id IS NOT NULL);
END $$;

-- P7: which grants a quantity is drawn from. Not expired; earliest expiry, oldest grant, id. Draws less when they do not suffice.
CREATE OR REPLACE FUNCTION draw(p_shop bigint, p_ticket bigint, p_channel text, p_quantity bigint, p_now timestamptz, p_valued boolean,
                     OUT grants bigint[], OUT quantities bigint[], OUT worths bigint[], OUT drawn bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    SELECT array_agg(s.grant_id ORDER BY s.place), array_agg(s.quantity ORDER BY s.place),
           array_agg(CASE WHEN p_valued THEN value_of(s.g, s.quantity) ELSE 0 END ORDER BY s.place), coalesce(sum(s.quantity), 0)::bigint
      INTO grants, quantities, worths, drawn
      FROM (SELECT g.grant_id, g, row_number() OVER w AS place,
                   least(g.remaining, p_quantity - (sum(g.remaining) OVER w - g.remaining))::bigint AS quantity
              FROM credit_grant g
             WHERE g.shop_id = p_shop AND g.ticket_id = p_ticket AND g.channel = p_channel AND g.remaining > 0 AND g.expires_at > p_now
            WINDOW w AS (ORDER BY g.expires_at, g.starts_at, g.grant_id)) s
     WHERE s.quantity > 0;
END $$;

CREATE OR REPLACE FUNCTION lenders(p_shop bigint, p_ticket bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(o.ticket_id ORDER BY o.ticket_id), '{}')
              FROM ticket t JOIN shop s ON s.shop_id = t.shop_id AND s.pooling
              JOIN ticket o ON o.shop_id = t.shop_id AND o.customer_id = t.customer_id AND o.ticket_id <> t.ticket_id
             WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket);
END $$;

CREATE OR REPLACE FUNCTION open_counter(p_shop bigint, p_ticket bigint, p_channel text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO counter (shop_id, ticket_id, channel) VALUES (p_shop, p_ticket, p_channel) ON CONFLICT ON CONSTRAINT counter_pkey DO NOTHING;
END $$;

-- Many spends, one after the other. Rows come back in any order, `o` being the spend's place from 1; status is done, insufficient or
-- unknown-ticket. What is due is told by the rows as they were locked: to look for it again by what the tickets lend could read every due counter.
CREATE OR REPLACE FUNCTION spend_each(p_shops bigint[], p_tickets bigint[], p_channels text[], p_quantities bigint[], p_actors bigint[],
                           p_occurred timestamptz[], p_rules integer[], p_references text[], p_now timestamptz)
RETURNS TABLE (o bigint, status text, entry_id bigint, balance_after bigint, granted bigint, used bigint, held bigint, expired bigint,
               revoked bigint, shortfall bigint, slice_grants bigint[], slice_quantities bigint[], slice_values bigint[],
               slice_tickets bigint[], pooled bigint)
LANGUAGE plpgsql ROWS 200 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    s spent; c counter; p posting; borrowed bigint[]; locked bigint[]; due_shops bigint[]; due_tickets bigint[]; due_channels text[];
BEGIN
    -- Locks, in the fixed order: the counters asked for and, where the shop pools, those of the customer's other tickets.
    SELECT array_agg(l.ticket_id), array_agg(l.shop_id) FILTER (WHERE l.next_due_at <= p_now), array_agg(l.ticket_id) FILTER (WHERE l.next_due_at <= p_now),
           array_agg(l.channel) FILTER (WHERE l.next_due_at <= p_now)
      INTO locked, due_shops, due_tickets, due_channels
      FROM (
        SELECT k.shop_id, k.ticket_id, k.channel, k.next_due_at FROM counter k
         WHERE (k.shop_id, k.ticket_id, k.channel) IN (
                SELECT i.shop_id, l.ticket_id, i.channel FROM unnest(p_shops, p_tickets, p_channels) AS i (shop_id, ticket_id, channel)
                 CROSS JOIN LATERAL unnest(i.ticket_id || lenders(i.shop_id, i.ticket_id)) AS l (ticket_id))
         ORDER BY k.shop_id, k.ticket_id, k.channel FOR UPDATE OF k) l;
    FOR i IN 1 .. coalesce(cardinality(due_shops), 0) LOOP
        PERFORM settle_counter(due_shops[i], due_tickets[i], due_channels[i], p_now, false);
    END LOOP;

    FOR i IN 1 .. cardinality(p_shops) LOOP
        o := i; entry_id := NULL; slice_grants := NULL; slice_quantities := NULL; slice_values := NULL; slice_tickets := NULL;
        SELECT * INTO c FROM counter k WHERE k.shop_id = p_shops[i] AND k.ticket_id = p_tickets[i] AND k.channel = p_channels[i];
        IF NOT FOUND AND NOT EXISTS (SELECT FROM ticket t WHERE t.shop_id = p_shops[i] AND t.ticket_id = p_tickets[i]) THEN
            status := 'unknown-ticket'; balance_after := 0; pooled := 0;
            RETURN NEXT;
            CONTINUE;
        END IF;
        p := ROW(p_actors[i], p_now, p_now, p_occurred[i], NULL, NULL, NULL, NULL, NULL, NULL, NULL, p_rules[i], false)::posting;
        -- A ticket that was opened since is not locked, and does not lend yet.
        borrowed := ARRAY(SELECT l FROM unnest(lenders(p_shops[i], p_tickets[i])) AS l WHERE l = ANY (locked) ORDER BY l);
        s := spend_locked(p_shops[i], p_tickets[i], borrowed, p_channels[i], 'usage', p_quantities[i], p_now, p);
        IF s.status = 'done' THEN
            SELECT * INTO c FROM counter k WHERE k.shop_id = p_shops[i] AND k.ticket_id = p_tickets[i] AND k.channel = p_channels[i];
            IF p_references[i] IS NOT NULL THEN
                INSERT INTO entry_note (shop_id, entry_id, reference) VALUES (p_shops[i], s.entry_id, p_references[i]);
            END IF;
        END IF;
        status := s.status; entry_id := s.entry_id; balance_after := coalesce(c.remaining, 0); granted := c.granted; used := c.used;
        held := c.held; expired := c.expired; revoked := c.revoked; shortfall := c.shortfall; slice_grants := s.slice_grants;
        slice_quantities := s.slice_quantities; slice_values := s.slice_values; slice_tickets := s.slice_tickets; pooled := s.pooled;
        RETURN NEXT;
    END LOOP;
END $$;

---------------------------------------------------------------------------------------------------------------- the money of lines

ALTER FUNCTION sight_instant(bigint, bigint, bigint, timestamptz, timestamptz, timestamptz) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION revalue_line(bigint, bigint, bigint, bigint, timestamptz, timestamptz) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION settle_counter(bigint, bigint, text, timestamptz, boolean) SET plan_cache_mode = force_generic_plan;

-- The same with the line's figures decided: what its unused credits defer from now on, and its revenue that no credit was used for.
CREATE OR REPLACE FUNCTION write_line(p_shop bigint, p_order bigint, p_line bigint, p_ticket bigint, p_deferred bigint, p_corrected bigint, p_now timestamptz,
                           p_effective timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH weighed AS (
        SELECT g.grant_id, g.ticket_id, g.channel, g.kind, g.granted, g.remaining + g.held AS unused, g.value_minor - g.value_taken AS deferred,
               share_of(v.list_minor, g.remaining + g.held, greatest(v.list_credits, 1)) AS weight
          FROM credit_grant g
          JOIN line_value v ON v.shop_id = g.shop_id AND v.order_id = g.order_id AND v.line_id = g.line_id AND v.channel = g.channel
         WHERE g.shop_id = p_shop AND g.order_id = p_order AND g.line_id = p_line AND g.kind IN ('order', 'transfer')
    ), heavy AS (
        SELECT w.*, CASE WHEN sum(w.weight) OVER () > 0 THEN w.weight ELSE w.unused END AS part FROM weighed w
    ), summed AS MATERIALIZED (
        SELECT h.*, sum(h.part) OVER o AS through, sum(h.part) OVER () AS whole FROM heavy h WINDOW o AS (ORDER BY h.grant_id)
    ), granted AS MATERIALIZED (
        SELECT s.*, share_of(p_deferred, s.through, s.whole) - share_of(p_deferred, s.through - s.part, s.whole) AS defers FROM summed s
    ), known AS (
        SELECT v.*, CASE WHEN p_corrected > 0 THEN v.list_minor
                         ELSE v.sold - v.refunded - v.corrected - coalesce((SELECT sum(g.deferred) FROM granted g WHERE g.channel = v.channel), 0) END AS part
          FROM line_value v WHERE v.shop_id = p_shop AND v.order_id = p_order AND v.line_id = p_line
    ), run AS MATERIALIZED (
        SELECT k.*, sum(k.part) OVER o AS through, sum(k.part) OVER () AS whole FROM known k WINDOW o AS (ORDER BY k.channel COLLATE "C")
    ), booked AS MATERIALIZED (
        SELECT k.channel, k.currency, k.list_minor - k.sold AS sold,
               share_of(p_corrected, k.through, k.whole) - share_of(p_corrected, k.through - k.part, k.whole) - k.corrected AS corrected
          FROM run k
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
      FROM granted g WHERE c.shop_id = p_shop AND c.grant_id = g.grant_id AND g.unused > 0;
END $$;

-- One order line and channel. p_value is the worth of p_of credits (all that the line ordered); p_low is a count, p_low_percent a percentage.
-- What is past expiry and was not granted just now is expired by `settle_orders`, after `value_line`. Returns whether anything was written.
CREATE OR REPLACE FUNCTION sync_line(p_shop bigint, p_order bigint, p_line bigint, p_channel text, p_ticket bigint, p_entitled bigint,
                          p_of bigint, p_value bigint, p_currency text, p_starts timestamptz, p_expires timestamptz,
                          p_low bigint, p_low_percent integer, p_overdraft bigint, p_modified timestamptz, p_now timestamptz, p_quiet boolean)
RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    grants bigint[]; tickets bigint[]; g bigint; o credit_grant; p posting; changed boolean := false; raise_by bigint; worth bigint;
    expires timestamptz; at timestamptz;
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
    IF grants IS NOT NULL OR changed THEN           -- entitled may have moved with nothing left to revoke: only the shortfall shows it
        SELECT array_agg(DISTINCT x.ticket_id) INTO tickets FROM credit_grant x
         WHERE x.shop_id = p_shop AND x.order_id = p_order AND x.line_id = p_line AND x.channel = p_channel AND x.kind IN ('order', 'transfer');
        UPDATE counter c SET shortfall = shortfall_of(p_shop, c.ticket_id, p_channel)
         WHERE c.shop_id = p_shop AND c.ticket_id = ANY (tickets) AND c.channel = p_channel AND c.shortfall <> shortfall_of(p_shop, c.ticket_id, p_channel);
    END IF;
    RETURN changed;
END $$;

---------------------------------------------------------------------------------------------------------------- the search

-- The words of a text, up to 40 letters each: whatever stands between spaces and marks. Some may come twice.
CREATE OR REPLACE FUNCTION search_words(p_text text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(left(w, 40)), '{}')
      FROM unnest(string_to_array(translate(folded(left(p_text, 20000)), E'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\f«»„“”‚‘’–—·•¿¡→', repeat(' ', 60)), ' ')) AS w
     WHERE w <> '');
END $$;

-- A telephone number is found by its last digits, six at least, however it is grouped.
CREATE OR REPLACE FUNCTION phone_words(p_phone text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(right(d, n)), '{}') FROM (SELECT left(regexp_replace(p_phone, '[^0-9]', '', 'g'), 20) AS d) x, generate_series(6, length(d)) AS n);
END $$;

-- Adds words to a ticket's; one that has 20,000 of them takes no more.
CREATE OR REPLACE FUNCTION add_words(p_shop bigint, p_ticket bigint, p_words text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ticket_search SET words = words || array_to_tsvector(p_words)
     WHERE shop_id = p_shop AND ticket_id = p_ticket AND length(words) < 20000;
END $$;

CREATE OR REPLACE FUNCTION customer_words(p_shop bigint, p_customer bigint) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT search_words(concat_ws(' ', c.name, c.email, c.phone, (SELECT string_agg(a.value, ' ') FROM customer_address a
                         WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id)))
           || phone_words(coalesce(c.phone, ''))
           || coalesce((SELECT array_agg(w) FROM customer_address a, unnest(phone_words(a.value)) AS w
                         WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id AND a.kind = 'phone'), '{}')
      FROM customer c WHERE c.shop_id = p_shop AND c.customer_id = p_customer);
END $$;
