-- What a closed month shows stays what it showed when it was closed. The ledger takes care of its own; this file keeps what stands beside it: orders, the tags
-- of tickets, names of customers, the tariff of the premium line.

ALTER TABLE period_close ADD COLUMN premium_call_minor bigint; -- the shop's, when the month was closed
UPDATE period_close c SET premium_call_minor = s.premium_call_minor FROM shop s WHERE s.shop_id = c.shop_id;

---------------------------------------------------------------------------------------------------------------- orders

-- An order as it was shown when its month was closed. A later sight of it changes the order, not this row.
CREATE TABLE period_order (
    shop_id     bigint NOT NULL,
    order_id    bigint NOT NULL,
    listed_at   timestamptz NOT NULL,               -- the instant by which it belongs to its period
    number      text NOT NULL,
    created_at  timestamptz NOT NULL,
    paid_at     timestamptz,
    status      text NOT NULL,
    currency    text NOT NULL,
    total_minor bigint NOT NULL,
    customer_id bigint NOT NULL,
    flags       text[] NOT NULL,
    usability   text NOT NULL,
    matched     boolean NOT NULL,
    net_minor   bigint,
    tickets     text,
    CONSTRAINT period_order_pkey PRIMARY KEY (shop_id, order_id),
    CONSTRAINT period_order_shop_known FOREIGN KEY (shop_id) REFERENCES shop
);
CREATE INDEX period_order_listed ON period_order (shop_id, listed_at);

CREATE TABLE period_order_channel (
    shop_id   bigint NOT NULL,
    order_id  bigint NOT NULL,
    channel   text NOT NULL,
    currency  text,
    sold      bigint,
    refunded  bigint,
    deferred  bigint,
    granted   bigint,                               -- NULL: nothing ever was
    revoked   bigint,
    used      bigint,
    shortfall bigint,
    CONSTRAINT period_order_channel_pkey PRIMARY KEY (shop_id, order_id, channel),
    CONSTRAINT period_order_channel_order_known FOREIGN KEY (shop_id, order_id) REFERENCES period_order ON DELETE CASCADE
);

-- Orders as they are. One that was first seen when its month was closed already belongs to the first open day, as what it did to the ledger does.
CREATE VIEW order_now AS
    SELECT o.shop_id, o.order_id, coalesce(p.listed_at, greatest(o.created_at, s.books_closed_until)) AS listed_at, o.number, o.created_at, o.paid_at, o.status,
           o.currency, o.total_minor, o.customer_id, o.flags, o.usability, o.matched,
           (SELECT sum(l.net_minor) FROM order_line l WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id)::bigint AS net_minor,
           (SELECT string_agg(k.ticket_id::text, ', ' ORDER BY k.ticket_id) FROM ticket_order k WHERE k.shop_id = o.shop_id AND k.order_id = o.order_id) AS tickets
      FROM shop_order o JOIN shop s ON s.shop_id = o.shop_id
      LEFT JOIN period_order p ON p.shop_id = o.shop_id AND p.order_id = o.order_id;

-- The figures of an order by channel, in rows that are to be added up.
CREATE VIEW order_channel_now AS
    SELECT v.shop_id, v.order_id, v.channel, v.currency, v.sold, v.refunded, NULL::bigint AS deferred, NULL::bigint AS granted, NULL::bigint AS revoked,
           NULL::bigint AS used, NULL::bigint AS shortfall FROM line_value v
    UNION ALL
    SELECT g.shop_id, g.order_id, g.channel, NULL, NULL, NULL, g.value_minor - g.value_taken, CASE WHEN g.kind = 'order' THEN g.granted END, g.revoked, g.used,
           greatest(0, g.used - g.entitled)
      FROM credit_grant g WHERE g.kind IN ('order', 'transfer') AND g.order_id IS NOT NULL;

-- Keeps the orders that a closing until p_until closes over. Before the shop's row says so.
CREATE FUNCTION close_orders(p_shop bigint, p_until timestamptz) RETURNS void LANGUAGE sql AS $$
    WITH kept AS (
        INSERT INTO period_order
        SELECT o.shop_id, o.order_id, o.listed_at, o.number, o.created_at, o.paid_at, o.status, o.currency, o.total_minor, o.customer_id, o.flags, o.usability,
               o.matched, o.net_minor, o.tickets
          FROM order_now o
         WHERE o.shop_id = p_shop AND o.listed_at < p_until
           AND NOT EXISTS (SELECT FROM period_order p WHERE p.shop_id = o.shop_id AND p.order_id = o.order_id)
        RETURNING order_id)
    INSERT INTO period_order_channel
    SELECT p_shop, c.order_id, c.channel, min(c.currency), sum(c.sold), sum(c.refunded), sum(c.deferred), sum(c.granted), sum(c.revoked), sum(c.used),
           sum(c.shortfall)
      FROM kept k JOIN order_channel_now c ON c.shop_id = p_shop AND c.order_id = k.order_id GROUP BY 2, 3
$$;

---------------------------------------------------------------------------------------------------------------- tags and names

-- A ticket's tags and a customer's name as every period that ends by closed_until shows them, unless an earlier row says so: written when they are changed for
-- the first time after a closing, so that whoever closes copies nothing, and nobody who books looks at it.
CREATE TABLE period_tags (
    shop_id      bigint NOT NULL,
    ticket_id    bigint NOT NULL,
    closed_until timestamptz NOT NULL,
    tags         text[] NOT NULL,
    CONSTRAINT period_tags_pkey PRIMARY KEY (shop_id, ticket_id, closed_until),
    CONSTRAINT period_tags_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket
);

CREATE TABLE period_name (
    shop_id      bigint NOT NULL,
    customer_id  bigint NOT NULL,
    closed_until timestamptz NOT NULL,
    name         text,
    CONSTRAINT period_name_pkey PRIMARY KEY (shop_id, customer_id, closed_until),
    CONSTRAINT period_name_customer_known FOREIGN KEY (shop_id, customer_id) REFERENCES customer
);

-- The shop's row is locked until the end, so that a month is not closed in between.
CREATE FUNCTION keep_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
    SELECT s.books_closed_until INTO closed FROM shop s WHERE s.shop_id = NEW.shop_id FOR SHARE;
    IF closed > '-infinity' THEN
        INSERT INTO period_tags VALUES (OLD.shop_id, OLD.ticket_id, closed, OLD.tags) ON CONFLICT ON CONSTRAINT period_tags_pkey DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ticket_keep_tags AFTER UPDATE OF tags ON ticket FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags) EXECUTE FUNCTION keep_tags();

-- A name that is erased is kept nowhere (P15).
CREATE FUNCTION keep_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
    SELECT s.books_closed_until INTO closed FROM shop s WHERE s.shop_id = NEW.shop_id FOR SHARE;
    IF closed > '-infinity' THEN
        INSERT INTO period_name VALUES (OLD.shop_id, OLD.customer_id, closed, OLD.name) ON CONFLICT ON CONSTRAINT period_name_pkey DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER customer_keep_name AFTER UPDATE OF name ON customer FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name AND NEW.erased_at IS NULL) EXECUTE FUNCTION keep_name();

-- Months from p_until on are open again: what was kept of them is let go; what was kept for those that stay closed, stays.
CREATE FUNCTION reopen_books(p_shop bigint, p_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM period_order p WHERE p.shop_id = p_shop AND p.listed_at >= p_until;
    IF p_until > '-infinity' THEN
        INSERT INTO period_tags
        SELECT DISTINCT ON (t.ticket_id) t.shop_id, t.ticket_id, p_until, t.tags FROM period_tags t
         WHERE t.shop_id = p_shop AND t.closed_until >= p_until ORDER BY t.ticket_id, t.closed_until
            ON CONFLICT ON CONSTRAINT period_tags_pkey DO NOTHING;
        INSERT INTO period_name
        SELECT DISTINCT ON (n.customer_id) n.shop_id, n.customer_id, p_until, n.name FROM period_name n
         WHERE n.shop_id = p_shop AND n.closed_until >= p_until ORDER BY n.customer_id, n.closed_until
            ON CONFLICT ON CONSTRAINT period_name_pkey DO NOTHING;
    END IF;
    DELETE FROM period_tags t WHERE t.shop_id = p_shop AND t.closed_until > p_until;
    DELETE FROM period_name n WHERE n.shop_id = p_shop AND n.closed_until > p_until;
END $$;

-- Months that were closed before this file show their orders as they are now.
SELECT close_orders(s.shop_id, s.books_closed_until) FROM shop s WHERE s.books_closed_until > '-infinity';

---------------------------------------------------------------------------------------------------------------- usage

-- Credits used and given back, one row per slice. `contacts` counts a piece of work once, by its first slice, however many grants and tickets it drew on; what
-- was wholly given back, in whatever parts, counts no more from then on.
CREATE VIEW usage_move AS
    SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id, e.channel, e.actor_id, e.effective_at, g.order_id, g.line_id, g.currency,
           CASE e.kind WHEN 'reversal' THEN -s.quantity ELSE s.quantity END AS used, CASE e.kind WHEN 'reversal' THEN -s.value ELSE s.value END AS used_minor,
           CASE WHEN e.kind <> 'reversal' THEN CASE WHEN e.usage_id IS NULL AND s.place = 1 THEN 1 ELSE 0 END
                WHEN s.place < cardinality(e.slice_grants) THEN 0
                WHEN (SELECT sum(r.quantity) = max(u.quantity) AND max(r.entry_id) = e.entry_id
                        FROM (SELECT array_agg(x.entry_id) AS parts, sum(x.quantity) AS quantity
                                FROM entry c JOIN entry x ON x.shop_id = c.shop_id
                                 AND (x.entry_id = coalesce(c.usage_id, c.entry_id) OR x.usage_id = coalesce(c.usage_id, c.entry_id))
                               WHERE c.shop_id = e.shop_id AND c.entry_id = e.corrects_id) u
                        JOIN entry r ON r.shop_id = e.shop_id AND r.kind = 'reversal' AND r.corrects_id = ANY (u.parts)) THEN -1
                ELSE 0 END AS contacts
      FROM entry e
     CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_quantities, e.slice_values) WITH ORDINALITY AS s (grant_id, quantity, value, place)
      JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = s.grant_id
     WHERE e.kind IN ('usage', 'capture', 'reversal');
