-- Spending: many usages in one statement, holds, reversals, adjustments and transfers. A refusal is a returned status, never an exception.

-- The customer's other tickets lend when the shop pools; a shop that does not, lends nothing.
CREATE FUNCTION lenders(p_shop bigint, p_ticket bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(o.ticket_id ORDER BY o.ticket_id), '{}')
      FROM ticket t JOIN shop s ON s.shop_id = t.shop_id AND s.pooling
      JOIN ticket o ON o.shop_id = t.shop_id AND o.customer_id = t.customer_id AND o.ticket_id <> t.ticket_id
     WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket
$$;

-- What the answer to a spend needs: the decision, the first entry, its slices, and the counter after it.
CREATE TYPE spent AS (
    status text, entry_id bigint, slice_grants bigint[], slice_quantities bigint[], slice_values bigint[], slice_tickets bigint[],
    available bigint, pooled bigint
);

-- Draws from the ticket's own grants, then from the lenders', and posts an entry on each counter drawn from. Under locks.
CREATE FUNCTION spend_locked(p_shop bigint, p_ticket bigint, p_lenders bigint[], p_channel text, p_kind text, p_quantity bigint,
                             p_now timestamptz, p posting) RETURNS spent
LANGUAGE plpgsql AS $$
DECLARE
    result spent; d record; source bigint; missing bigint := p_quantity; id bigint;
BEGIN
    SELECT coalesce(sum(remaining) FILTER (WHERE ticket_id = p_ticket), 0), coalesce(sum(remaining) FILTER (WHERE ticket_id <> p_ticket), 0)
      INTO result.available, result.pooled
      FROM counter WHERE shop_id = p_shop AND channel = p_channel AND ticket_id = ANY (p_ticket || p_lenders);
    IF result.available + result.pooled < p_quantity THEN
        result.status := 'insufficient';
        RETURN result;
    END IF;
    FOREACH source IN ARRAY p_ticket || p_lenders LOOP
        SELECT * INTO d FROM draw(p_shop, source, p_channel, missing, p_now, p_kind = 'usage');
        CONTINUE WHEN d.drawn = 0;
        p.for_ticket_id := CASE WHEN source <> p_ticket THEN p_ticket END;
        p.usage_id := result.entry_id;
        id := post(p_shop, source, p_channel, p_kind, d.grants, d.quantities, d.worths, p);
        result.entry_id := coalesce(result.entry_id, id);
        result.slice_grants := result.slice_grants || d.grants;
        result.slice_quantities := result.slice_quantities || d.quantities;
        result.slice_values := result.slice_values || d.worths;
        result.slice_tickets := result.slice_tickets || array_fill(source, ARRAY[cardinality(d.grants)]);
        missing := missing - d.drawn;
        EXIT WHEN missing = 0;
    END LOOP;
    result.status := 'done';
    RETURN result;
END $$;

-- Planner help: unnest() of parameters is taken for 10 rows.
CREATE FUNCTION spend_rows(p_shops bigint[], p_tickets bigint[], p_channels text[], p_quantities bigint[])
RETURNS TABLE (shop_id bigint, ticket_id bigint, channel text, quantity bigint, o bigint) LANGUAGE sql IMMUTABLE ROWS 200 AS
$$ SELECT * FROM unnest(p_shops, p_tickets, p_channels, p_quantities) WITH ORDINALITY $$;

-- Locks keys in one order, so that a call whose key is being decided waits for that decision.
CREATE FUNCTION lock_keys(p_shops bigint[], p_keys text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(h)
       FROM (SELECT DISTINCT hashtextextended(k, s) AS h FROM unnest(p_shops, p_keys) AS x (s, k) ORDER BY 1 OFFSET 0) sorted;
END $$;

-- Many spends decided in one statement. Rows come back in any order, `o` being the item's place from 1; status is done, insufficient,
-- unknown-ticket or replayed (then stored_* hold the first answer). Two items of one batch never share a key.
CREATE FUNCTION spend_batch(p_shops bigint[], p_tickets bigint[], p_channels text[], p_quantities bigint[], p_keys text[],
                            p_actors bigint[], p_occurred timestamptz[], p_rules integer[], p_references text[], p_now timestamptz)
RETURNS TABLE (o bigint, status text, entry_id bigint, currency text, balance_after bigint, granted bigint, used bigint, held bigint, expired bigint,
               revoked bigint, shortfall bigint, slice_grants bigint[], slice_quantities bigint[], slice_values bigint[],
               slice_tickets bigint[], pooled bigint, stored_fingerprint bytea, stored_status smallint, stored_body text)
LANGUAGE plpgsql ROWS 200 SET plan_cache_mode = force_generic_plan AS $$ -- planning anew costs more than a lone spend
#variable_conflict use_column
DECLARE
    n integer := cardinality(p_shops);
    done boolean[] := array_fill(false, ARRAY[cardinality(p_shops)]);
    due boolean; told boolean := false; r record; s spent; c counter; p posting; borrowed bigint[]; locked bigint[];
BEGIN
    PERFORM lock_keys(p_shops, p_keys);
    FOR r IN SELECT x.o, k.fingerprint, k.status, k.body FROM unnest(p_shops, p_keys) WITH ORDINALITY AS x (s, k, o)
               JOIN idempotency_key k ON k.shop_id = x.s AND k.key = x.k
    LOOP
        o := r.o; status := 'replayed'; stored_fingerprint := r.fingerprint; stored_status := r.status; stored_body := r.body;
        done[r.o] := true;
        RETURN NEXT;
    END LOOP;
    stored_fingerprint := NULL; stored_status := NULL; stored_body := NULL;

    -- Locks, in the fixed order: the counters asked for and, where the shop pools, those of the customer's other tickets.
    IF EXISTS (SELECT FROM shop WHERE shop_id = ANY (p_shops) AND pooling) THEN
        SELECT bool_or(l.next_due_at <= p_now), array_agg(l.ticket_id) INTO due, locked FROM (
            SELECT k.next_due_at, k.ticket_id FROM counter k
             WHERE (k.shop_id, k.ticket_id, k.channel) IN (
                    SELECT i.shop_id, coalesce(other.ticket_id, i.ticket_id), i.channel
                      FROM spend_rows(p_shops, p_tickets, p_channels, p_quantities) i
                      LEFT JOIN ticket t ON t.shop_id = i.shop_id AND t.ticket_id = i.ticket_id
                      LEFT JOIN ticket other ON other.shop_id = t.shop_id AND other.customer_id = t.customer_id)
             ORDER BY k.shop_id, k.ticket_id, k.channel FOR UPDATE OF k) l;
    ELSE
        SELECT bool_or(l.next_due_at <= p_now) INTO due FROM (
            SELECT k.next_due_at
              FROM (SELECT DISTINCT i.shop_id, i.ticket_id, i.channel FROM spend_rows(p_shops, p_tickets, p_channels, p_quantities) i) i
              JOIN counter k ON k.shop_id = i.shop_id AND k.ticket_id = i.ticket_id AND k.channel = i.channel
             ORDER BY k.shop_id, k.ticket_id, k.channel FOR UPDATE OF k) l;
    END IF;
    IF due THEN
        FOR r IN SELECT DISTINCT k.shop_id, k.ticket_id, k.channel
                   FROM spend_rows(p_shops, p_tickets, p_channels, p_quantities) i
                  CROSS JOIN LATERAL unnest(i.ticket_id || lenders(i.shop_id, i.ticket_id)) AS l (ticket_id)
                   JOIN counter k ON k.shop_id = i.shop_id AND k.ticket_id = l.ticket_id AND k.channel = i.channel
                  WHERE k.next_due_at <= p_now ORDER BY 1, 2, 3
        LOOP PERFORM settle_counter(r.shop_id, r.ticket_id, r.channel, p_now, false); END LOOP;
    END IF;

    -- The common case, set-based: everything the batch asks of a counter fits into its first grant.
    FOR r IN
        WITH item AS (
            SELECT i.*, sum(i.quantity) OVER (PARTITION BY i.shop_id, i.ticket_id, i.channel ORDER BY i.o) AS cum
              FROM spend_rows(p_shops, p_tickets, p_channels, p_quantities) i WHERE NOT done[i.o]
        ), total AS (
            SELECT i.shop_id, i.ticket_id, i.channel, sum(i.quantity) AS quantity FROM item i GROUP BY 1, 2, 3
        ), first AS MATERIALIZED (
            SELECT t.shop_id, t.ticket_id, t.channel, t.quantity AS total, k.granted, k.used, k.held, k.expired, k.revoked, k.remaining,
                   k.shortfall, g.grant_id, g.currency, g.value_minor, g.granted AS of, g.value_taken, g.granted - g.remaining - g.held AS gone,
                   NOT k.low_fired AND k.low_at IS NOT NULL AND k.remaining > k.low_at AND k.remaining - t.quantity <= k.low_at AS low,
                   NOT k.empty_fired AND k.remaining = t.quantity AS empty, k.low_at
              FROM total t
              JOIN counter k ON k.shop_id = t.shop_id AND k.ticket_id = t.ticket_id AND k.channel = t.channel
             CROSS JOIN LATERAL (
                    SELECT g.* FROM credit_grant g
                     WHERE g.shop_id = t.shop_id AND g.ticket_id = t.ticket_id AND g.channel = t.channel
                       AND g.remaining > 0 AND g.expires_at > p_now
                     ORDER BY g.expires_at, g.starts_at, g.grant_id LIMIT 1) g
             WHERE g.remaining >= t.quantity AND k.remaining >= t.quantity
        ), taken AS (
            UPDATE credit_grant g
               SET used = g.used + f.total,
                   value_taken = greatest(g.value_taken, cumulative_value(g.value_minor, f.gone + f.total::bigint, g.granted))
              FROM first f WHERE g.shop_id = f.shop_id AND g.grant_id = f.grant_id
        ), counted AS (
            UPDATE counter k
               SET used = k.used + f.total, remaining = k.remaining - f.total,
                   low_fired = k.low_fired OR f.low, empty_fired = k.empty_fired OR f.empty
              FROM first f
             WHERE k.shop_id = f.shop_id AND k.ticket_id = f.ticket_id AND k.channel = f.channel AND k.remaining >= f.total
        ), alerts AS (
            INSERT INTO outbox (shop_id, topic, ticket_id, channel, payload, created_at)
            SELECT f.shop_id, a.topic, f.ticket_id, f.channel,
                   jsonb_build_object('ticket', f.ticket_id, 'channel', f.channel, 'remaining', f.remaining - f.total, 'low_at', f.low_at), p_now
              FROM first f CROSS JOIN LATERAL (SELECT 'credits.low' AS topic WHERE f.low UNION ALL SELECT 'credits.empty' WHERE f.empty) a
        ), slice AS MATERIALIZED (
            SELECT nextval('entry_entry_id_seq') AS id, x.* FROM (
                SELECT i.o, i.quantity, i.cum::bigint AS cum, f.*,
                       (greatest(f.value_taken, cumulative_value(f.value_minor, f.gone + i.cum::bigint, f.of))
                        - CASE WHEN i.cum = i.quantity THEN f.value_taken -- may be less than cumulative after a reversal in parts
                               ELSE greatest(f.value_taken, cumulative_value(f.value_minor, f.gone + (i.cum - i.quantity)::bigint, f.of)) END) AS worth
                  FROM item i JOIN first f ON f.shop_id = i.shop_id AND f.ticket_id = i.ticket_id AND f.channel = i.channel
                 ORDER BY i.o) x
        ), written AS (
            INSERT INTO entry (shop_id, entry_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities,
                               slice_values, actor_id, recorded_at, effective_at, occurred_at, rule_version)
            SELECT w.shop_id, w.id, w.ticket_id, w.channel, 'usage', w.quantity, w.remaining - w.cum, ARRAY[w.grant_id], ARRAY[w.quantity],
                   ARRAY[w.worth], p_actors[w.o], p_now, p_now, p_occurred[w.o], p_rules[w.o]
              FROM slice w
        )
        SELECT * FROM slice
    LOOP
        o := r.o; status := 'done'; entry_id := r.id; currency := r.currency; balance_after := r.remaining - r.cum; granted := r.granted; used := r.used + r.cum;
        held := r.held; expired := r.expired; revoked := r.revoked; shortfall := r.shortfall; slice_grants := ARRAY[r.grant_id];
        slice_quantities := ARRAY[r.quantity]; slice_values := ARRAY[r.worth]; slice_tickets := ARRAY[r.ticket_id]; pooled := 0;
        done[r.o] := true; told := told OR r.low OR r.empty;
        IF p_references[r.o] IS NOT NULL THEN
            INSERT INTO entry_note (shop_id, entry_id, reference) VALUES (r.shop_id, r.id, p_references[r.o]);
        END IF;
        RETURN NEXT;
    END LOOP;
    IF told THEN PERFORM pg_notify('supportmeter_outbox', ''); END IF;

    -- The rest one after the other: several grants, lenders, refusals.
    FOR i IN 1 .. n LOOP
        CONTINUE WHEN done[i];
        o := i; entry_id := NULL; currency := NULL; slice_grants := NULL; slice_quantities := NULL; slice_values := NULL; slice_tickets := NULL;
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

-- Sets credits aside until `p_deadline`. status: done, insufficient, unknown-ticket.
CREATE FUNCTION place_hold(p_shop bigint, p_ticket bigint, p_channel text, p_quantity bigint, p_deadline timestamptz, p_actor bigint,
                           p_now timestamptz, OUT result spent, OUT hold_id bigint)
LANGUAGE plpgsql AS $$
DECLARE
    p posting; borrowed bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM ticket t WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket) THEN
        result.status := 'unknown-ticket';
        RETURN;
    END IF;
    borrowed := lenders(p_shop, p_ticket);
    PERFORM lock_and_settle(p_shop, p_ticket || borrowed, p_channel, p_now);
    hold_id := nextval('hold_hold_id_seq');
    p := ROW(p_actor, p_now, p_now, NULL, NULL, NULL, hold_id, NULL, NULL, NULL, NULL, NULL, false)::posting;
    result := spend_locked(p_shop, p_ticket, borrowed, p_channel, 'hold', p_quantity, p_now, p);
    IF result.status <> 'done' THEN
        hold_id := NULL;
        RETURN;
    END IF;
    INSERT INTO hold (shop_id, hold_id, ticket_id, channel, quantity, deadline, actor_id, created_at)
    VALUES (p_shop, hold_id, p_ticket, p_channel, p_quantity, p_deadline, p_actor, p_now);
    PERFORM keep_slices(p_shop, hold_id, p_channel, result, p_deadline);
END $$;

CREATE FUNCTION keep_slices(p_shop bigint, p_hold bigint, p_channel text, p_spent spent, p_deadline timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hold_slice AS h (shop_id, hold_id, grant_id, ticket_id, channel, quantity, deadline)
    SELECT p_shop, p_hold, s.grant_id, s.ticket_id, p_channel, s.quantity, p_deadline
      FROM unnest(p_spent.slice_grants, p_spent.slice_quantities, p_spent.slice_tickets) AS s (grant_id, quantity, ticket_id)
    ON CONFLICT ON CONSTRAINT hold_slice_pkey DO UPDATE SET quantity = h.quantity + excluded.quantity;
    UPDATE counter SET next_due_at = least(next_due_at, p_deadline)
     WHERE shop_id = p_shop AND channel = p_channel AND ticket_id = ANY (p_spent.slice_tickets);
END $$;

-- Ends a hold: captures p_quantity of it (0 releases it all). What exceeds it is taken from what remains, then from the plan's overdraft.
-- status: done, unknown-hold, ended (state says how), insufficient (available, pooled and overdraft say what there was).
CREATE FUNCTION end_hold(p_shop bigint, p_hold bigint, p_quantity bigint, p_actor bigint, p_now timestamptz, OUT result spent, OUT state text,
                         OUT ticket_id bigint, OUT channel text, OUT overdraft bigint, OUT captured bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    h hold; p posting; borrowed bigint[]; tickets bigint[]; excess bigint; over bigint; g bigint; id bigint; r record; more spent;
BEGIN
    SELECT * INTO h FROM hold WHERE shop_id = p_shop AND hold_id = p_hold;
    IF NOT FOUND THEN
        result.status := 'unknown-hold';
        RETURN;
    END IF;
    borrowed := lenders(p_shop, h.ticket_id);
    SELECT array_agg(DISTINCT t) INTO tickets FROM (
        SELECT unnest(h.ticket_id || borrowed) AS t
        UNION SELECT s.ticket_id FROM hold_slice s WHERE s.shop_id = p_shop AND s.hold_id = p_hold) x;
    PERFORM lock_and_settle(p_shop, tickets, h.channel, p_now);
    SELECT * INTO h FROM hold WHERE shop_id = p_shop AND hold_id = p_hold FOR UPDATE;
    ticket_id := h.ticket_id; channel := h.channel; state := h.status;
    IF h.status <> 'active' THEN
        result.status := 'ended';
        RETURN;
    END IF;
    captured := coalesce(p_quantity, h.quantity);
    excess := captured - h.quantity;
    p := ROW(p_actor, p_now, p_now, NULL, NULL, NULL, p_hold, NULL, NULL, NULL, NULL, NULL, false)::posting;

    IF excess > 0 THEN
        SELECT coalesce(sum(k.remaining) FILTER (WHERE k.ticket_id = h.ticket_id), 0), coalesce(sum(k.remaining) FILTER (WHERE k.ticket_id <> h.ticket_id), 0)
          INTO result.available, result.pooled
          FROM counter k WHERE k.shop_id = p_shop AND k.channel = h.channel AND k.ticket_id = ANY (h.ticket_id || borrowed);
        SELECT k.overdraft - coalesce((SELECT sum(x.granted - x.revoked - x.taken) FROM credit_grant x
                                        WHERE x.shop_id = p_shop AND x.ticket_id = h.ticket_id AND x.channel = h.channel AND x.kind = 'overdraft'), 0)
          INTO overdraft FROM counter k WHERE k.shop_id = p_shop AND k.ticket_id = h.ticket_id AND k.channel = h.channel;
        overdraft := greatest(0, coalesce(overdraft, 0));
        over := excess - result.available - result.pooled;
        IF over > overdraft THEN
            result.status := 'insufficient';
            RETURN;
        END IF;
        IF over > 0 THEN
            INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, granted, entitled, currency, starts_at)
            SELECT p_shop, h.ticket_id, h.channel, 'overdraft', over, over, s.currency, p_now FROM shop s WHERE s.shop_id = p_shop
            RETURNING grant_id INTO g;
            PERFORM post(p_shop, h.ticket_id, h.channel, 'overdraft', ARRAY[g], ARRAY[over], ARRAY[0::bigint], p);
        END IF;
        more := spend_locked(p_shop, h.ticket_id, borrowed, h.channel, 'hold', excess, p_now, p);
        PERFORM keep_slices(p_shop, p_hold, h.channel, more, h.deadline);
    END IF;

    -- In burn order, so that a part takes what expires first; one entry per counter, the ticket's own first.
    FOR r IN
        SELECT s.ticket_id, array_agg(s.grant_id ORDER BY s.place) AS grants, array_agg(s.quantity ORDER BY s.place) AS held,
               array_agg(greatest(0, least(s.quantity, captured - s.before))::bigint ORDER BY s.place) AS wanted
          FROM (SELECT hs.*, row_number() OVER w AS place, sum(hs.quantity) OVER w - hs.quantity AS before
                  FROM hold_slice hs JOIN credit_grant cg ON cg.shop_id = hs.shop_id AND cg.grant_id = hs.grant_id
                 WHERE hs.shop_id = p_shop AND hs.hold_id = p_hold AND hs.open
                WINDOW w AS (ORDER BY hs.ticket_id <> h.ticket_id, hs.ticket_id, cg.expires_at, cg.starts_at, cg.grant_id)) s
         GROUP BY s.ticket_id ORDER BY s.ticket_id <> h.ticket_id, s.ticket_id
    LOOP
        p.for_ticket_id := CASE WHEN r.ticket_id <> h.ticket_id THEN h.ticket_id END;
        more := slices_where_positive(p_shop, r.grants, r.wanted, true);
        IF more.slice_grants IS NOT NULL THEN
            p.usage_id := result.entry_id;
            id := post(p_shop, r.ticket_id, h.channel, 'capture', more.slice_grants, more.slice_quantities, more.slice_values, p);
            result.entry_id := coalesce(result.entry_id, id);
            result.slice_grants := result.slice_grants || more.slice_grants;
            result.slice_quantities := result.slice_quantities || more.slice_quantities;
            result.slice_values := result.slice_values || more.slice_values;
            result.slice_tickets := result.slice_tickets || array_fill(r.ticket_id, ARRAY[cardinality(more.slice_grants)]);
        END IF;
        more := slices_where_positive(p_shop, r.grants,
            ARRAY(SELECT a - b FROM unnest(r.held, r.wanted) WITH ORDINALITY AS x (a, b, i) ORDER BY i), false);
        IF more.slice_grants IS NOT NULL THEN
            p.usage_id := NULL;
            id := post(p_shop, r.ticket_id, h.channel, 'release', more.slice_grants, more.slice_quantities, more.slice_values, p);
            IF captured = 0 THEN
                result.entry_id := coalesce(result.entry_id, id);
                result.slice_grants := result.slice_grants || more.slice_grants;
                result.slice_quantities := result.slice_quantities || more.slice_quantities;
                result.slice_values := result.slice_values || more.slice_values;
                result.slice_tickets := result.slice_tickets || array_fill(r.ticket_id, ARRAY[cardinality(more.slice_grants)]);
            END IF;
            FOREACH g IN ARRAY more.slice_grants LOOP PERFORM settle_grant(p_shop, g, p_now, p_now, false); END LOOP;
        END IF;
    END LOOP;
    UPDATE hold_slice s SET open = false WHERE s.shop_id = p_shop AND s.hold_id = p_hold;
    state := CASE WHEN captured = 0 THEN 'released' ELSE 'captured' END;
    UPDATE hold SET status = state, ended_at = p_now WHERE shop_id = p_shop AND hold_id = p_hold;
    result.status := 'done';
END $$;

CREATE FUNCTION slices_where_positive(p_shop bigint, p_grants bigint[], p_quantities bigint[], p_valued boolean) RETURNS spent
LANGUAGE sql STABLE AS $$
    SELECT ROW('', NULL, array_agg(s.grant_id ORDER BY s.i), array_agg(s.quantity ORDER BY s.i),
               array_agg(CASE WHEN p_valued THEN value_of(g, s.quantity) ELSE 0 END ORDER BY s.i), NULL, NULL, NULL)::spent
      FROM unnest(p_grants, p_quantities) WITH ORDINALITY AS s (grant_id, quantity, i)
      JOIN credit_grant g ON g.shop_id = p_shop AND g.grant_id = s.grant_id WHERE s.quantity > 0
$$;

-- Moves an active hold's deadline. status: done, unknown-hold, ended.
CREATE FUNCTION extend_hold(p_shop bigint, p_hold bigint, p_deadline timestamptz, p_now timestamptz, OUT status text, OUT state text,
                            OUT ticket_id bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    h hold; tickets bigint[];
BEGIN
    SELECT * INTO h FROM hold WHERE shop_id = p_shop AND hold_id = p_hold;
    IF NOT FOUND THEN
        status := 'unknown-hold';
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT s.ticket_id) INTO tickets FROM hold_slice s WHERE s.shop_id = p_shop AND s.hold_id = p_hold;
    PERFORM lock_and_settle(p_shop, tickets, h.channel, p_now);
    SELECT * INTO h FROM hold WHERE shop_id = p_shop AND hold_id = p_hold FOR UPDATE;
    ticket_id := h.ticket_id; state := h.status;
    IF h.status <> 'active' THEN
        status := 'ended';
        RETURN;
    END IF;
    UPDATE hold SET deadline = p_deadline WHERE shop_id = p_shop AND hold_id = p_hold;
    UPDATE hold_slice s SET deadline = p_deadline WHERE s.shop_id = p_shop AND s.hold_id = p_hold AND s.open;
    UPDATE counter k SET next_due_at = least(k.next_due_at, p_deadline)
     WHERE k.shop_id = p_shop AND k.channel = h.channel AND k.ticket_id = ANY (tickets);
    status := 'done';
END $$;

-- Gives back what a usage (or a capture) took, to the grants it came from, what is owed first, then the last taken. NULL quantity: all that is left of it.
-- status: done, unknown-usage, not-own, exceeds (available says what is left of it), over-cap (what the cap leaves today).
CREATE FUNCTION reverse_usage(p_shop bigint, p_usage bigint, p_quantity bigint, p_only_actor bigint, p_reason text,
                              p_cap bigint, p_day_start timestamptz, p_role text, p_actor bigint, p_now timestamptz, OUT result spent, OUT ticket_id bigint, OUT channel text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    e entry; p posting; tickets bigint[]; missing bigint; id bigint; g bigint; r record;
BEGIN
    SELECT * INTO e FROM entry WHERE shop_id = p_shop AND entry_id = p_usage AND kind IN ('usage', 'capture') AND usage_id IS NULL;
    IF NOT FOUND THEN
        result.status := 'unknown-usage';
        RETURN;
    END IF;
    ticket_id := coalesce(e.for_ticket_id, e.ticket_id); channel := e.channel;
    IF p_only_actor IS NOT NULL AND e.actor_id <> p_only_actor THEN
        result.status := 'not-own';
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT x.ticket_id) INTO tickets FROM entry x WHERE x.shop_id = p_shop AND (x.entry_id = p_usage OR x.usage_id = p_usage);
    IF p_cap IS NOT NULL THEN                       -- a cap is the ticket's, over all channels
        PERFORM lock_and_settle(p_shop, tickets || ticket_id, NULL, p_now);
    ELSE
        PERFORM lock_and_settle(p_shop, tickets, e.channel, p_now);
    END IF;
    SELECT sum(u.quantity) - coalesce((SELECT sum(v.quantity) FROM entry v JOIN entry w ON w.shop_id = p_shop AND w.entry_id = v.corrects_id
                                        WHERE v.shop_id = p_shop AND v.kind = 'reversal' AND (w.entry_id = p_usage OR w.usage_id = p_usage)
                                          AND v.corrects_id IN (SELECT y.entry_id FROM entry y WHERE y.shop_id = p_shop AND (y.entry_id = p_usage OR y.usage_id = p_usage))), 0)
      INTO result.available
      FROM entry u WHERE u.shop_id = p_shop AND (u.entry_id = p_usage OR u.usage_id = p_usage);
    missing := coalesce(p_quantity, result.available);
    IF missing > result.available OR missing = 0 THEN
        result.status := 'exceeds';
        RETURN;
    END IF;
    IF p_cap IS NOT NULL AND e.actor_id <> p_actor AND moved_today(p_shop, ticket_id, p_role, p_day_start) + missing > p_cap THEN
        result.status := 'over-cap'; result.available := greatest(0, p_cap - moved_today(p_shop, ticket_id, p_role, p_day_start));
        RETURN;
    END IF;
    p := ROW(p_actor, p_now, p_now, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p_reason, NULL, false)::posting;
    FOR r IN
        WITH slice AS (
            SELECT u.entry_id, u.ticket_id, s.grant_id, s.quantity, s.value, s.place, cg.kind = 'overdraft' AS owed,
                   coalesce(sum(b.quantity), 0)::bigint AS back, coalesce(sum(b.value), 0)::bigint AS worth_back
              FROM entry u
             CROSS JOIN LATERAL unnest(u.slice_grants, u.slice_quantities, u.slice_values) WITH ORDINALITY AS s (grant_id, quantity, value, place)
              JOIN credit_grant cg ON cg.shop_id = p_shop AND cg.grant_id = s.grant_id
              LEFT JOIN (SELECT v.corrects_id, t.grant_id, t.quantity, t.value FROM entry v
                          CROSS JOIN LATERAL unnest(v.slice_grants, v.slice_quantities, v.slice_values) AS t (grant_id, quantity, value)
                          WHERE v.shop_id = p_shop AND v.kind = 'reversal' AND v.corrects_id IS NOT NULL) b
                     ON b.corrects_id = u.entry_id AND b.grant_id = s.grant_id
             WHERE u.shop_id = p_shop AND (u.entry_id = p_usage OR u.usage_id = p_usage)
             GROUP BY 1, 2, 3, 4, 5, 6, 7
        ), running AS (
            SELECT slice.*, sum(quantity - back) OVER (ORDER BY owed DESC, entry_id DESC, place DESC) - (quantity - back) AS before FROM slice
        ), part AS (
            SELECT running.*, greatest(0, least(quantity - back, missing - before))::bigint AS q FROM running
        )
        SELECT entry_id, ticket_id, array_agg(grant_id ORDER BY place DESC) AS grants, array_agg(q ORDER BY place DESC) AS quantities,
               array_agg(cumulative_value(value, back + q, quantity) - worth_back ORDER BY place DESC) AS worths
          FROM part WHERE q > 0 GROUP BY entry_id, ticket_id ORDER BY entry_id DESC
    LOOP
        p.corrects_id := r.entry_id;
        p.usage_id := result.entry_id;
        p.for_ticket_id := CASE WHEN r.ticket_id <> ticket_id THEN ticket_id END;
        id := post(p_shop, r.ticket_id, e.channel, 'reversal', r.grants, r.quantities, r.worths, p);
        result.entry_id := coalesce(result.entry_id, id);
        result.slice_grants := result.slice_grants || r.grants;
        result.slice_quantities := result.slice_quantities || r.quantities;
        result.slice_values := result.slice_values || r.worths;
        result.slice_tickets := result.slice_tickets || array_fill(r.ticket_id, ARRAY[cardinality(r.grants)]);
        FOREACH g IN ARRAY r.grants LOOP PERFORM settle_grant(p_shop, g, p_now, p_now, false); END LOOP;
    END LOOP;
    result.status := 'done';
END $$;

-- A signed correction. Positive: a grant without value. Negative: takes unused credits, in burn order.
-- status: done, unknown-ticket, insufficient, over-cap (available says what the cap leaves today).
CREATE FUNCTION adjust(p_shop bigint, p_ticket bigint, p_channel text, p_quantity bigint, p_expires timestamptz, p_reason text, p_note text,
                       p_cap bigint, p_day_start timestamptz, p_role text, p_actor bigint, p_now timestamptz, OUT result spent)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    p posting; d record; g bigint; done_today bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM ticket t WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket) THEN
        result.status := 'unknown-ticket';
        RETURN;
    END IF;
    PERFORM lock_and_settle(p_shop, ARRAY[p_ticket], NULL, p_now); -- all channels: the cap is the ticket's
    IF p_cap IS NOT NULL THEN
        done_today := moved_today(p_shop, p_ticket, p_role, p_day_start);
        IF done_today + abs(p_quantity) > p_cap THEN
            result.status := 'over-cap'; result.available := greatest(0, p_cap - done_today);
            RETURN;
        END IF;
    END IF;
    p := ROW(p_actor, p_now, p_now, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p_reason, NULL, false)::posting;
    IF p_quantity > 0 THEN
        PERFORM open_counter(p_shop, p_ticket, p_channel);
        PERFORM lock_counters(p_shop, ARRAY[p_ticket], p_channel);
        INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, granted, entitled, currency, starts_at, expires_at)
        SELECT p_shop, p_ticket, p_channel, 'adjustment', p_quantity, p_quantity, s.currency, p_now, coalesce(p_expires, 'infinity')
          FROM shop s WHERE s.shop_id = p_shop
        RETURNING grant_id INTO g;
        result.slice_grants := ARRAY[g]; result.slice_quantities := ARRAY[p_quantity]; result.slice_values := ARRAY[0::bigint];
        result.entry_id := post(p_shop, p_ticket, p_channel, 'adjustment-in', result.slice_grants, result.slice_quantities, result.slice_values, p);
        UPDATE counter k SET next_due_at = least(k.next_due_at, coalesce(p_expires, 'infinity'))
         WHERE k.shop_id = p_shop AND k.ticket_id = p_ticket AND k.channel = p_channel;
    ELSE
        SELECT * INTO d FROM draw(p_shop, p_ticket, p_channel, -p_quantity, p_now, true);
        IF d.drawn < -p_quantity THEN
            result.status := 'insufficient'; result.available := d.drawn; result.pooled := 0;
            RETURN;
        END IF;
        result.slice_grants := d.grants; result.slice_quantities := d.quantities; result.slice_values := d.worths;
        result.entry_id := post(p_shop, p_ticket, p_channel, 'adjustment-out', d.grants, d.quantities, d.worths, p);
    END IF;
    IF p_note IS NOT NULL THEN INSERT INTO entry_note (shop_id, entry_id, note) VALUES (p_shop, result.entry_id, p_note); END IF;
    result.slice_tickets := array_fill(p_ticket, ARRAY[cardinality(result.slice_grants)]);
    result.status := 'done';
END $$;

-- Moves unused credits to another ticket of the same customer. Each slice becomes a grant that keeps value, expiry and order line.
-- status: done, unknown-ticket, unknown-target, other-customer, insufficient, over-cap (available says what the cap leaves today).
CREATE FUNCTION transfer(p_shop bigint, p_ticket bigint, p_to bigint, p_channel text, p_quantity bigint, p_reason text, p_note text,
                         p_cap bigint, p_day_start timestamptz, p_role text, p_actor bigint, p_now timestamptz, OUT result spent)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    p posting; d record; a ticket; b ticket; made bigint[] := '{}'; g bigint; s record;
BEGIN
    SELECT * INTO a FROM ticket t WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket;
    SELECT * INTO b FROM ticket t WHERE t.shop_id = p_shop AND t.ticket_id = p_to;
    result.status := CASE WHEN a.ticket_id IS NULL THEN 'unknown-ticket' WHEN b.ticket_id IS NULL THEN 'unknown-target'
                          WHEN a.customer_id <> b.customer_id THEN 'other-customer' END;
    IF result.status IS NOT NULL THEN RETURN; END IF;
    PERFORM lock_and_settle(p_shop, ARRAY[p_ticket, p_to], CASE WHEN p_cap IS NULL THEN p_channel END, p_now); -- a cap is the ticket's
    IF p_cap IS NOT NULL AND moved_today(p_shop, p_ticket, p_role, p_day_start) + p_quantity > p_cap THEN
        result.status := 'over-cap'; result.available := greatest(0, p_cap - moved_today(p_shop, p_ticket, p_role, p_day_start));
        RETURN;
    END IF;
    SELECT * INTO d FROM draw(p_shop, p_ticket, p_channel, p_quantity, p_now, true);
    IF d.drawn < p_quantity THEN
        result.status := 'insufficient'; result.available := d.drawn; result.pooled := 0;
        RETURN;
    END IF;
    PERFORM open_counter(p_shop, p_to, p_channel);
    PERFORM lock_counters(p_shop, ARRAY[p_to], p_channel);
    p := ROW(p_actor, p_now, p_now, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p_reason, NULL, false)::posting;
    result.entry_id := post(p_shop, p_ticket, p_channel, 'transfer-out', d.grants, d.quantities, d.worths, p);
    FOR s IN SELECT * FROM unnest(d.grants, d.quantities, d.worths) WITH ORDINALITY AS x (grant_id, quantity, value, i) ORDER BY i LOOP
        UPDATE credit_grant SET entitled = entitled - s.quantity WHERE shop_id = p_shop AND grant_id = s.grant_id AND order_id IS NOT NULL;
        INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, order_id, line_id, granted, entitled, currency, value_minor, starts_at, expires_at)
        SELECT p_shop, p_to, p_channel, 'transfer', o.order_id, o.line_id, s.quantity, s.quantity, o.currency, s.value, o.starts_at, o.expires_at
          FROM credit_grant o WHERE o.shop_id = p_shop AND o.grant_id = s.grant_id
        RETURNING grant_id INTO g;
        made := made || g;
    END LOOP;
    p.corrects_id := result.entry_id;
    PERFORM post(p_shop, p_to, p_channel, 'transfer-in', made, d.quantities, d.worths, p);
    UPDATE counter k SET next_due_at = least(k.next_due_at, (SELECT min(x.expires_at) FROM credit_grant x WHERE x.shop_id = p_shop AND x.grant_id = ANY (made)))
     WHERE k.shop_id = p_shop AND k.ticket_id = p_to AND k.channel = p_channel;
    UPDATE counter k SET shortfall = shortfall_of(p_shop, k.ticket_id, p_channel)
     WHERE k.shop_id = p_shop AND k.ticket_id IN (p_ticket, p_to) AND k.channel = p_channel;
    IF p_note IS NOT NULL THEN INSERT INTO entry_note (shop_id, entry_id, note) VALUES (p_shop, result.entry_id, p_note); END IF;
    result.slice_grants := d.grants; result.slice_quantities := d.quantities; result.slice_values := d.worths;
    result.slice_tickets := array_fill(p_ticket, ARRAY[cardinality(d.grants)]);
    result.status := 'done';
END $$;
