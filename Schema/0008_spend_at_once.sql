-- Spends at speed. A counter knows its first grant in burn order and what is left of it, so that one statement can decide many spends: no grant
-- is looked for, and the counter's own update is its lock. Whatever does not fit there (several grants, lenders, refusals, known keys,
-- something due) is decided by `spend_each`, one after the other.

ALTER TABLE counter
    ADD COLUMN burn_grant bigint,                   -- the first grant in burn order of those that remain; kept by `post`
    ADD COLUMN burn_left  bigint,                   -- what remains of it
    ADD COLUMN fires      smallint NOT NULL DEFAULT 0, -- the alerts that the last `spend_at_once` fires: 1 low, 2 empty
    ADD CONSTRAINT counter_spendable_at_once CHECK (burn_left BETWEEN 0 AND remaining AND (burn_left IS NULL) = (burn_grant IS NULL));
ALTER TABLE credit_grant
    ADD COLUMN value_before bigint NOT NULL DEFAULT 0; -- `value_taken` as the last `spend_at_once` found it: RETURNING knows only what is new

-- An answer is kept as text, or, of a usage that `spend_at_once` decided, as what it is written from: the entry, and the ticket's counters
-- before the spends that were decided with it (granted, used, held, expired, revoked, shortfall of each channel). What the usage's own channel
-- had used after it follows from the entry's balance_after.
ALTER TABLE idempotency_key
    ALTER COLUMN body DROP NOT NULL,
    ADD COLUMN entry_id bigint,
    ADD COLUMN channels text[],
    ADD COLUMN figures  bigint[],
    ADD CONSTRAINT idempotency_key_answer_kept CHECK (body IS NOT NULL OR (entry_id IS NOT NULL AND channels IS NOT NULL AND figures IS NOT NULL));

UPDATE counter k
   SET (burn_grant, burn_left) = (SELECT x.grant_id, x.remaining FROM credit_grant x
          WHERE x.shop_id = k.shop_id AND x.ticket_id = k.ticket_id AND x.channel = k.channel AND x.remaining > 0
          ORDER BY x.expires_at, x.starts_at, x.grant_id LIMIT 1);

-- Whoever writes to the outbox wakes its sender, at commit and once.
CREATE FUNCTION outbox_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('supportmeter_outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_told AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_tell();

-- The one way a counter, its grants and the ledger change together. Slices name grants of this counter; see `entry` for the kinds.
CREATE OR REPLACE FUNCTION post(p_shop bigint, p_ticket bigint, p_channel text, p_kind text,
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
                  WHERE x.shop_id = p_shop AND x.grant_id = ANY (p_grants) AND x.expires_at > p.recorded_at)) ELSE next_due_at END,
           (burn_grant, burn_left) = (SELECT x.grant_id, x.remaining FROM credit_grant x
                  WHERE x.shop_id = p_shop AND x.ticket_id = p_ticket AND x.channel = p_channel AND x.remaining > 0
                  ORDER BY x.expires_at, x.starts_at, x.grant_id LIMIT 1)
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

-- Decides in one statement the spends whose counters' first grants cover them; the others are left out, undecided and unlocked.
-- Spends come grouped by counter, the groups in the order of locks (shop, ticket), with one channel a ticket. Of a group: shop, ticket, channel,
-- the sum of its quantities, and the place of its last spend. Of a spend: its group, its quantity, and the sum of the group's up to it.
-- One array follows from the other so that no row has to be looked for: joins of what a statement has just written are planned as if it were one row.
CREATE FUNCTION spend_at_once(p_shops bigint[], p_tickets bigint[], p_channels text[], p_totals integer[], p_lasts integer[],
                              p_groups integer[], p_quantities integer[], p_runnings integer[], p_keys text[], p_fingerprints text[], p_actors bigint[],
                              p_occurred timestamptz[], p_rules integer[], p_references text[], p_now timestamptz)
RETURNS TABLE (o integer, entry_id bigint, grant_id bigint, value bigint, currency text, balance_after bigint, channels text[], figures bigint[])
LANGUAGE plpgsql ROWS 200 SET plan_cache_mode = force_generic_plan AS $$ -- planning anew costs more than a lone spend
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT x.g FROM unnest(p_keys, p_groups) AS x (key, g) JOIN idempotency_key k ON k.shop_id = p_shops[x.g] AND k.key = x.key
    ), wanted AS MATERIALIZED (
        SELECT t.g, t.shop_id, t.ticket_id, t.channel, t.quantity, array_agg(c.channel) AS channels,
               array_agg(ARRAY[c.granted, c.used, c.held, c.expired, c.revoked, c.shortfall]) AS figures
          FROM unnest(p_shops, p_tickets, p_channels, p_totals) WITH ORDINALITY AS t (shop_id, ticket_id, channel, quantity, g)
          JOIN counter c ON c.shop_id = t.shop_id AND c.ticket_id = t.ticket_id
         WHERE t.g NOT IN (SELECT known.g FROM known)
         GROUP BY t.g, t.shop_id, t.ticket_id, t.channel, t.quantity HAVING min(c.next_due_at) > p_now
         ORDER BY t.g
    ), counted AS (
        UPDATE counter k
           SET used = k.used + w.quantity, remaining = k.remaining - w.quantity, burn_left = k.burn_left - w.quantity,
               low_fired = k.low_fired OR coalesce(k.remaining > k.low_at AND k.remaining - w.quantity <= k.low_at, false),
               empty_fired = k.empty_fired OR k.remaining = w.quantity,
               fires = coalesce(NOT k.low_fired AND k.remaining > k.low_at AND k.remaining - w.quantity <= k.low_at, false)::integer
                       + (NOT k.empty_fired AND k.remaining = w.quantity)::integer * 2
          FROM wanted w
         WHERE k.shop_id = w.shop_id AND k.ticket_id = w.ticket_id AND k.channel = w.channel AND k.burn_left >= w.quantity AND k.next_due_at > p_now
        RETURNING w.g, k.shop_id, k.ticket_id, k.channel, k.burn_grant, w.quantity, k.remaining, k.low_at, k.fires, w.channels, w.figures
    ), taken AS (
        UPDATE credit_grant x
           SET used = x.used + c.quantity, value_before = x.value_taken,
               value_taken = greatest(x.value_taken, cumulative_value(x.value_minor, x.granted - x.remaining - x.held + c.quantity, x.granted))
          FROM counted c WHERE x.shop_id = c.shop_id AND x.grant_id = c.burn_grant
        RETURNING c.*, x.currency, x.value_minor, x.granted AS of, x.granted - x.remaining - x.held - c.quantity AS gone, x.value_before
    ), slice AS MATERIALIZED (
        SELECT nextval('entry_entry_id_seq') AS id, i.o, t.*, t.remaining + t.quantity - p_runnings[i.o] AS after,
               greatest(t.value_before, cumulative_value(t.value_minor, t.gone + p_runnings[i.o], t.of))
               - CASE WHEN p_runnings[i.o] = p_quantities[i.o] THEN t.value_before -- may be less than cumulative after a reversal in parts
                      ELSE greatest(t.value_before, cumulative_value(t.value_minor, t.gone + p_runnings[i.o] - p_quantities[i.o], t.of)) END AS worth
          FROM taken t CROSS JOIN LATERAL generate_series(coalesce(p_lasts[t.g - 1], 0) + 1, p_lasts[t.g]) AS i (o)
    ), written AS (
        INSERT INTO entry (shop_id, entry_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities,
                           slice_values, actor_id, recorded_at, effective_at, occurred_at, rule_version)
        SELECT s.shop_id, s.id, s.ticket_id, s.channel, 'usage', p_quantities[s.o], s.after, ARRAY[s.burn_grant], ARRAY[p_quantities[s.o]],
               ARRAY[s.worth], p_actors[s.o], p_now, p_now, p_occurred[s.o], p_rules[s.o]
          FROM slice s
    ), noted AS (
        INSERT INTO entry_note (shop_id, entry_id, reference) SELECT s.shop_id, s.id, p_references[s.o] FROM slice s WHERE p_references[s.o] IS NOT NULL
    ), told AS (
        INSERT INTO outbox (shop_id, topic, ticket_id, channel, payload, created_at)
        SELECT t.shop_id, a.topic, t.ticket_id, t.channel,
               jsonb_build_object('ticket', t.ticket_id, 'channel', t.channel, 'remaining', t.remaining, 'low_at', t.low_at), p_now
          FROM taken t JOIN (VALUES (1, 'credits.low'), (2, 'credits.empty')) AS a (bit, topic) ON t.fires & a.bit <> 0
    ), kept AS (
        INSERT INTO idempotency_key (shop_id, key, fingerprint, status, entry_id, channels, figures, created_at)
        SELECT s.shop_id, p_keys[s.o], decode(p_fingerprints[s.o], 'hex'), 201, s.id, s.channels, s.figures, p_now FROM slice s
        UNION ALL -- A grant that was added while the lock of its counter was waited for is not seen here: then nothing of this may stand.
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE (SELECT count(*) FROM counted) <> (SELECT count(*) FROM taken)
    )
    SELECT s.o, s.id, s.burn_grant, s.worth, s.currency, s.after, s.channels, s.figures FROM slice s;
END $$;

-- Many spends, one after the other. Rows come back in any order, `o` being the spend's place from 1; status is done, insufficient or
-- unknown-ticket.
DROP FUNCTION spend_batch(bigint[], bigint[], text[], bigint[], text[], bigint[], timestamptz[], integer[], text[], timestamptz);
DROP FUNCTION spend_rows(bigint[], bigint[], text[], bigint[]);
CREATE FUNCTION spend_each(p_shops bigint[], p_tickets bigint[], p_channels text[], p_quantities bigint[], p_actors bigint[],
                           p_occurred timestamptz[], p_rules integer[], p_references text[], p_now timestamptz)
RETURNS TABLE (o bigint, status text, entry_id bigint, balance_after bigint, granted bigint, used bigint, held bigint, expired bigint,
               revoked bigint, shortfall bigint, slice_grants bigint[], slice_quantities bigint[], slice_values bigint[],
               slice_tickets bigint[], pooled bigint)
LANGUAGE plpgsql ROWS 200 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    s spent; c counter; p posting; r record; borrowed bigint[]; locked bigint[];
BEGIN
    -- Locks, in the fixed order: the counters asked for and, where the shop pools, those of the customer's other tickets.
    SELECT array_agg(l.ticket_id) INTO locked FROM (
        SELECT k.ticket_id FROM counter k
         WHERE (k.shop_id, k.ticket_id, k.channel) IN (
                SELECT i.shop_id, l.ticket_id, i.channel FROM unnest(p_shops, p_tickets, p_channels) AS i (shop_id, ticket_id, channel)
                 CROSS JOIN LATERAL unnest(i.ticket_id || lenders(i.shop_id, i.ticket_id)) AS l (ticket_id))
         ORDER BY k.shop_id, k.ticket_id, k.channel FOR UPDATE OF k) l;
    FOR r IN SELECT DISTINCT k.shop_id, k.ticket_id, k.channel
               FROM unnest(p_shops, p_tickets, p_channels) AS i (shop_id, ticket_id, channel)
              CROSS JOIN LATERAL unnest(i.ticket_id || lenders(i.shop_id, i.ticket_id)) AS l (ticket_id)
               JOIN counter k ON k.shop_id = i.shop_id AND k.ticket_id = l.ticket_id AND k.channel = i.channel
              WHERE k.next_due_at <= p_now AND l.ticket_id = ANY (locked) ORDER BY 1, 2, 3
    LOOP PERFORM settle_counter(r.shop_id, r.ticket_id, r.channel, p_now, false); END LOOP;

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
