-- A lone spend in plain steps, and a batch that is told from what changed while it waited.

-- As `spend_at_once` for one spend: no row where its counter's first grant does not cover it, where its key is known or something is due. The
-- counter's update is its lock; what is read after it (the ticket's counters, the grant) is of the same moment. Simple statements keep their
-- plans in the session and cost a third of the large one, which pays for itself only from a few spends on.
CREATE FUNCTION spend_one(p_shop bigint, p_ticket bigint, p_channel text, p_quantity bigint, p_key text, p_fingerprint text, p_actor bigint,
                          p_occurred timestamptz, p_rule integer, p_reference text, p_now timestamptz)
RETURNS TABLE (o integer, entry_id bigint, grant_id bigint, value bigint, currency text, balance_after bigint, channels text[], figures bigint[])
LANGUAGE plpgsql ROWS 1 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    k record; x record; due timestamptz;
BEGIN
    PERFORM FROM idempotency_key i WHERE i.shop_id = p_shop AND i.key = p_key;
    IF FOUND THEN RETURN; END IF;
    UPDATE counter c
       SET used = c.used + p_quantity, remaining = c.remaining - p_quantity, burn_left = c.burn_left - p_quantity,
           low_fired = c.low_fired OR coalesce(c.remaining > c.low_at AND c.remaining - p_quantity <= c.low_at, false),
           empty_fired = c.empty_fired OR c.remaining = p_quantity,
           fires = coalesce(NOT c.low_fired AND c.remaining > c.low_at AND c.remaining - p_quantity <= c.low_at, false)::integer
                   + (NOT c.empty_fired AND c.remaining = p_quantity)::integer * 2
     WHERE c.shop_id = p_shop AND c.ticket_id = p_ticket AND c.channel = p_channel AND c.burn_left >= p_quantity AND c.next_due_at > p_now
       AND NOT EXISTS (SELECT FROM counter s WHERE s.shop_id = p_shop AND s.ticket_id = p_ticket AND s.next_due_at <= p_now)
    RETURNING c.burn_grant, c.remaining, c.low_at, c.fires INTO k;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT array_agg(c.channel), array_agg(ARRAY[c.granted, c.used, c.held, c.expired, c.revoked, c.shortfall])
      INTO channels, figures FROM counter c WHERE c.shop_id = p_shop AND c.ticket_id = p_ticket; -- its own `used` follows from the balance
    SELECT g.value_minor, g.value_taken, g.granted, g.granted - g.remaining - g.held AS gone, g.currency
      INTO STRICT x FROM credit_grant g WHERE g.shop_id = p_shop AND g.grant_id = k.burn_grant;
    o := 1; grant_id := k.burn_grant; currency := x.currency; balance_after := k.remaining;
    value := greatest(x.value_taken, cumulative_value(x.value_minor, x.gone + p_quantity, x.granted)) - x.value_taken;
    UPDATE credit_grant g SET used = g.used + p_quantity, value_taken = x.value_taken + value WHERE g.shop_id = p_shop AND g.grant_id = k.burn_grant;
    INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id,
                       recorded_at, effective_at, occurred_at, rule_version)
    VALUES (p_shop, p_ticket, p_channel, 'usage', p_quantity, balance_after, ARRAY[grant_id], ARRAY[p_quantity], ARRAY[value], p_actor,
            p_now, p_now, p_occurred, p_rule)
    RETURNING entry_id INTO entry_id;
    IF p_reference IS NOT NULL THEN INSERT INTO entry_note (shop_id, entry_id, reference) VALUES (p_shop, entry_id, p_reference); END IF;
    IF k.fires > 0 THEN
        INSERT INTO outbox (shop_id, topic, ticket_id, channel, payload, created_at)
        SELECT p_shop, a.topic, p_ticket, p_channel,
               jsonb_build_object('ticket', p_ticket, 'channel', p_channel, 'remaining', k.remaining, 'low_at', k.low_at), p_now
          FROM (VALUES (1, 'credits.low'), (2, 'credits.empty')) AS a (bit, topic) WHERE k.fires & a.bit <> 0;
    END IF;
    INSERT INTO idempotency_key (shop_id, key, fingerprint, status, entry_id, channels, figures, created_at)
    VALUES (p_shop, p_key, decode(p_fingerprint, 'hex'), 201, entry_id, channels, figures, p_now);
    RETURN NEXT;
END $$;

-- `spend_at_once` of 0008, with a ticket's counters read in one step without a sort, and leaving out spends whose counter was changed by
-- something else than spends while its lock was waited for: their answers would show what was before it.
-- It decides in one statement the spends whose counters' first grants cover them; the others are left out, undecided and unlocked.
-- Spends come grouped by counter, the groups in the order of locks (shop, ticket), with one channel a ticket. Of a group: shop, ticket, channel,
-- the sum of its quantities, and the place of its last spend. Of a spend: its group, its quantity, and the sum of the group's up to it.
-- One array follows from the other so that no row has to be looked for: joins of what a statement has just written are planned as if it were one row.
CREATE OR REPLACE FUNCTION spend_at_once(p_shops bigint[], p_tickets bigint[], p_channels text[], p_totals integer[], p_lasts integer[],
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
        SELECT t.g, t.shop_id, t.ticket_id, t.channel, t.quantity, f.channels, f.figures, f.own
          FROM unnest(p_shops, p_tickets, p_channels, p_totals) WITH ORDINALITY AS t (shop_id, ticket_id, channel, quantity, g)
         CROSS JOIN LATERAL (
                SELECT min(c.next_due_at) AS due, array_agg(c.channel) AS channels,
                       array_agg(ARRAY[c.granted, c.used, c.held, c.expired, c.revoked, c.shortfall]) AS figures,
                       max(ARRAY[c.granted, c.held, c.expired, c.revoked, c.shortfall]) FILTER (WHERE c.channel = t.channel) AS own
                  FROM counter c WHERE c.shop_id = t.shop_id AND c.ticket_id = t.ticket_id) AS f
         WHERE t.g NOT IN (SELECT known.g FROM known) AND f.due > p_now
        ), counted AS (
        UPDATE counter k
           SET used = k.used + w.quantity, remaining = k.remaining - w.quantity, burn_left = k.burn_left - w.quantity,
               low_fired = k.low_fired OR coalesce(k.remaining > k.low_at AND k.remaining - w.quantity <= k.low_at, false),
               empty_fired = k.empty_fired OR k.remaining = w.quantity,
               fires = coalesce(NOT k.low_fired AND k.remaining > k.low_at AND k.remaining - w.quantity <= k.low_at, false)::integer
                       + (NOT k.empty_fired AND k.remaining = w.quantity)::integer * 2
          FROM wanted w
         WHERE k.shop_id = w.shop_id AND k.ticket_id = w.ticket_id AND k.channel = w.channel AND k.burn_left >= w.quantity AND k.next_due_at > p_now
           -- What was granted, held or taken back while the lock was waited for would not be in the answer.
           AND ARRAY[k.granted, k.held, k.expired, k.revoked, k.shortfall] = w.own
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

-- The same rules in fewer words: PostgreSQL reads a rule's text again for each statement, and long lists of words took most of that time.
CREATE FUNCTION is_entry_kind(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN kind IN ('grant', 'usage', 'hold', 'capture', 'release', 'lapse', 'reversal', 'expiry', 'revocation', 'restoration',
                    'adjustment-in', 'adjustment-out', 'transfer-in', 'transfer-out', 'overdraft');
END $$;
CREATE FUNCTION is_grant_kind(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN kind IN ('order', 'adjustment', 'transfer', 'overdraft');
END $$;
ALTER TABLE entry
    DROP CONSTRAINT entry_kind_known, ADD CONSTRAINT entry_kind_known CHECK (is_entry_kind(kind));
ALTER TABLE credit_grant
    DROP CONSTRAINT credit_grant_kind_known, ADD CONSTRAINT credit_grant_kind_known CHECK (is_grant_kind(kind)),
    DROP CONSTRAINT credit_grant_parts_not_negative,
    ADD CONSTRAINT credit_grant_parts_not_negative CHECK (least(granted - 1, entitled, used, held, expired, revoked, taken - moved, moved) >= 0);
ALTER TABLE counter
    DROP CONSTRAINT counter_parts_not_negative,
    ADD CONSTRAINT counter_parts_not_negative CHECK (least(granted, used, held, expired, revoked, shortfall) >= 0);
