-- The agents' desk: whose turn it is on a ticket, the conversation, its history, drafts, who is there, calls, and the search.
-- Locks: after the idempotency keys a conversation is locked by `lock_keys` under 'ticket <number>'; then counters and holds; rows of `message`,
-- `ticket` and `ticket_search` come last, because a counter that crosses a mark writes its ticket (counter_credit_changed).
-- Texts are folded by normalize(), so the database must be in UTF-8.

ALTER TABLE ticket
    ADD COLUMN assignee_id    bigint,               -- staff; NULL: nobody's
    ADD COLUMN side           text NOT NULL DEFAULT 'customer', -- who is to act; a new ticket waits for its customer to write
    ADD COLUMN waiting_since  timestamptz,          -- since when that side is to act; the trigger below makes it opened_at
    ADD COLUMN last_message_at timestamptz,         -- to or from the customer
    ADD COLUMN version        bigint NOT NULL DEFAULT 0, -- raised with every addition to the conversation
    ADD COLUMN tags           text[] NOT NULL DEFAULT '{}',
    -- Kept by the counters' trigger, so that lists by credit need no look at counters: a spend touches the ticket at crossings only.
    ADD COLUMN low_channels   text[] NOT NULL DEFAULT '{}', -- at or below the low mark, or empty
    ADD COLUMN empty_channels text[] NOT NULL DEFAULT '{}',
    ADD COLUMN owing_channels text[] NOT NULL DEFAULT '{}', -- a shortfall, or overdrawn
    ADD CONSTRAINT ticket_side_known CHECK (side IN ('us', 'customer')),
    ADD CONSTRAINT ticket_tags_few CHECK (cardinality(tags) <= 20);
ALTER TABLE ticket
    ADD COLUMN queue smallint NOT NULL GENERATED ALWAYS AS ( -- 0 waits for us, 1 for the customer, 2 for nobody
        CASE WHEN status IN ('solved', 'closed') THEN 2 WHEN side = 'us' THEN 0 ELSE 1 END) STORED,
    ADD COLUMN credit_rank smallint NOT NULL GENERATED ALWAYS AS ( -- 0 owes, 1 a channel is empty, 2 one is low, 3 neither
        CASE WHEN owing_channels <> '{}' THEN 0 WHEN empty_channels <> '{}' THEN 1 WHEN low_channels <> '{}' THEN 2 ELSE 3 END) STORED;
UPDATE ticket SET waiting_since = opened_at;
ALTER TABLE ticket ALTER COLUMN waiting_since SET NOT NULL;

-- One index for each sort; views and filters are decided by the columns behind, without a look at the table.
CREATE INDEX ticket_by_waiting ON ticket (shop_id, queue, waiting_since, ticket_id, assignee_id, credit_rank, priority, status);
CREATE INDEX ticket_by_number ON ticket (shop_id, ticket_id, queue, assignee_id, credit_rank, priority, status);
CREATE INDEX ticket_by_change ON ticket (shop_id, updated_at, ticket_id, queue, assignee_id, credit_rank, priority, status);
CREATE INDEX ticket_by_credit ON ticket (shop_id, credit_rank, queue, waiting_since, ticket_id, assignee_id, priority, status);
CREATE INDEX ticket_by_assignee ON ticket (shop_id, assignee_id, queue, waiting_since, ticket_id) WHERE queue < 2;
CREATE INDEX ticket_owing ON ticket (shop_id, queue, waiting_since, ticket_id) WHERE credit_rank = 0;
CREATE INDEX ticket_tags ON ticket USING gin (tags);

CREATE FUNCTION ticket_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.waiting_since := coalesce(NEW.waiting_since, NEW.opened_at);
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_waits BEFORE INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION ticket_waits();

CREATE INDEX credit_grant_overdraft ON credit_grant (shop_id, ticket_id, channel) WHERE kind = 'overdraft';

---------------------------------------------------------------------------------------------------------------- who runs out

CREATE FUNCTION with_channel(p_channels text[], p_channel text, p_in boolean) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN p_in THEN array_append(array_remove(p_channels, p_channel), p_channel) ELSE array_remove(p_channels, p_channel) END $$;

-- Runs when a counter crosses a mark, under that counter's lock; each channel changes its own element only, so that two channels of a ticket
-- that cross at once lose nothing.
CREATE FUNCTION counter_credit_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_empty boolean := NEW.granted > 0 AND NEW.remaining = 0;
    is_low boolean := NEW.granted > 0 AND NEW.remaining <= coalesce(NEW.low_at, 0);
    is_owing boolean := NEW.shortfall > 0 OR EXISTS (
        SELECT FROM credit_grant g WHERE g.shop_id = NEW.shop_id AND g.ticket_id = NEW.ticket_id AND g.channel = NEW.channel
           AND g.kind = 'overdraft' AND g.granted - g.revoked - g.taken > 0);
BEGIN
    UPDATE ticket t
       SET low_channels = with_channel(t.low_channels, NEW.channel, is_low), empty_channels = with_channel(t.empty_channels, NEW.channel, is_empty),
           owing_channels = with_channel(t.owing_channels, NEW.channel, is_owing)
     WHERE t.shop_id = NEW.shop_id AND t.ticket_id = NEW.ticket_id
       AND ((NEW.channel = ANY (t.low_channels)) <> is_low OR (NEW.channel = ANY (t.empty_channels)) <> is_empty
            OR (NEW.channel = ANY (t.owing_channels)) <> is_owing);
    RETURN NULL;
END $$;
CREATE TRIGGER counter_credit_opened AFTER INSERT ON counter FOR EACH ROW WHEN (NEW.granted > 0) EXECUTE FUNCTION counter_credit_changed();
-- The condition is all that most spends pay: no row, no function call, no index of `counter`, so that their updates stay HOT.
CREATE TRIGGER counter_credit_changed AFTER UPDATE ON counter FOR EACH ROW
    WHEN ((OLD.remaining <= coalesce(OLD.low_at, 0)) <> (NEW.remaining <= coalesce(NEW.low_at, 0)) OR (OLD.remaining = 0) <> (NEW.remaining = 0)
          OR OLD.shortfall <> NEW.shortfall OR OLD.granted <> NEW.granted OR OLD.revoked <> NEW.revoked)
    EXECUTE FUNCTION counter_credit_changed();

UPDATE ticket t SET low_channels = k.low, empty_channels = k.empty, owing_channels = k.owing
  FROM (SELECT c.shop_id, c.ticket_id,
               coalesce(array_agg(c.channel ORDER BY c.channel) FILTER (WHERE c.granted > 0 AND c.remaining <= coalesce(c.low_at, 0)), '{}') AS low,
               coalesce(array_agg(c.channel ORDER BY c.channel) FILTER (WHERE c.granted > 0 AND c.remaining = 0), '{}') AS empty,
               coalesce(array_agg(c.channel ORDER BY c.channel) FILTER (WHERE c.shortfall > 0 OR EXISTS (
                   SELECT FROM credit_grant g WHERE g.shop_id = c.shop_id AND g.ticket_id = c.ticket_id AND g.channel = c.channel
                      AND g.kind = 'overdraft' AND g.granted - g.revoked - g.taken > 0)), '{}') AS owing
          FROM counter c GROUP BY 1, 2) k
 WHERE t.shop_id = k.shop_id AND t.ticket_id = k.ticket_id;

---------------------------------------------------------------------------------------------------------------- the conversation

-- Everything said, noted or done on a ticket, in the order of its ids.
CREATE TABLE message (
    shop_id       bigint NOT NULL,
    message_id    bigint GENERATED BY DEFAULT AS IDENTITY,
    ticket_id     bigint NOT NULL,
    version       bigint NOT NULL,                  -- the ticket's, after it
    kind          text NOT NULL,                    -- message, note, call, usage (made elsewhere), system
    channel       text,                             -- of messages, calls and usages: a channel of the shop
    direction     text NOT NULL,
    state         text NOT NULL,
    user_id       bigint,                           -- who of the staff; NULL: the customer, or the program
    from_address  text,                             -- of incoming ones
    to_address    text,                             -- of outgoing ones
    subject       text,
    body          text NOT NULL DEFAULT '',
    external_id   text,                             -- an incoming message's own id: seen twice it is kept once
    quantity      bigint,                           -- credits that it costs
    rule_version  integer,
    segments      integer,                          -- of an SMS
    seconds       integer,                          -- of a call
    hold_id       bigint,
    entry_id      bigint,                           -- the usage that paid for it
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    attempts      integer NOT NULL DEFAULT 0,       -- to send it; also tells one claim from a later one
    next_at       timestamptz,                      -- while an attempt runs: when it counts as lost
    provider_id   text,
    error         text,                             -- one line
    CONSTRAINT message_pkey PRIMARY KEY (shop_id, message_id),
    CONSTRAINT message_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket,
    CONSTRAINT message_kind_known CHECK (kind IN ('message', 'note', 'call', 'usage', 'system')),
    CONSTRAINT message_direction_known CHECK (direction IN ('in', 'out', 'internal')),
    CONSTRAINT message_state_known CHECK (state IN ('received', 'sending', 'sent', 'failed', 'kept')),
    CONSTRAINT message_sending_due CHECK (state <> 'sending' OR next_at IS NOT NULL)
);
CREATE INDEX message_ticket ON message (shop_id, ticket_id, message_id);
CREATE INDEX message_sending ON message (next_at) WHERE state = 'sending';
CREATE UNIQUE INDEX message_external_unique ON message (shop_id, channel, external_id) WHERE external_id IS NOT NULL;

-- What was changed about a ticket, by whom and when.
CREATE TABLE ticket_event (
    shop_id     bigint NOT NULL,
    event_id    bigint GENERATED BY DEFAULT AS IDENTITY,
    ticket_id   bigint NOT NULL,
    kind        text NOT NULL,                      -- assigned, status, reopened, priority, tagged, untagged, call-warned
    user_id     bigint,                             -- NULL: the program, or the customer by writing
    at          timestamptz NOT NULL,
    before      text,
    after       text,                               -- of `assigned`: the number of the staff
    CONSTRAINT ticket_event_pkey PRIMARY KEY (shop_id, event_id),
    CONSTRAINT ticket_event_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket
);
CREATE INDEX ticket_event_ticket ON ticket_event (shop_id, ticket_id, event_id);

-- What somebody has begun to write: theirs alone, and there again after a reload or another sign-in.
CREATE TABLE draft (
    shop_id     bigint NOT NULL,
    user_id     bigint NOT NULL,
    ticket_id   bigint NOT NULL,
    channel     text NOT NULL,                      -- a channel of the shop, or note
    subject     text,
    body        text NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT draft_pkey PRIMARY KEY (shop_id, user_id, ticket_id, channel),
    CONSTRAINT draft_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket
);
CREATE INDEX draft_ticket ON draft (shop_id, ticket_id);

-- Who has a ticket open now. Unlogged: a crash may forget it, a heartbeat costs no fsync.
CREATE UNLOGGED TABLE presence (
    shop_id     bigint NOT NULL,
    ticket_id   bigint NOT NULL,
    user_id     bigint NOT NULL,
    is_writing  boolean NOT NULL,
    since       timestamptz NOT NULL,
    until       timestamptz NOT NULL,
    CONSTRAINT presence_pkey PRIMARY KEY (shop_id, ticket_id, user_id)
);
CREATE INDEX presence_until ON presence (until);

-- A call and its meter. While it runs, `hold_id` keeps what it is expected to cost.
CREATE TABLE call (
    shop_id      bigint NOT NULL,
    call_id      bigint GENERATED BY DEFAULT AS IDENTITY,
    ticket_id    bigint NOT NULL,
    channel      text NOT NULL,
    user_id      bigint NOT NULL,
    hold_id      bigint,
    message_id   bigint,                            -- its place in the conversation, once it has ended
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    seconds      integer,
    quantity     bigint,                            -- credits by the unit rule
    uncovered    bigint NOT NULL DEFAULT 0,         -- of them, those that nothing was left for
    covered_seconds integer,                        -- how long what was left at the start lasts; NULL: a call costs the same however long
    warned_percent integer NOT NULL DEFAULT 0,      -- 80 or 100
    CONSTRAINT call_pkey PRIMARY KEY (shop_id, call_id),
    CONSTRAINT call_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket
);
CREATE INDEX call_ticket ON call (shop_id, ticket_id, call_id);
CREATE UNIQUE INDEX call_running_unique ON call (shop_id, ticket_id) WHERE ended_at IS NULL;
CREATE INDEX call_running ON call (started_at) WHERE ended_at IS NULL;

-- All the ways to reach a customer that orders or messages named.
CREATE TABLE customer_address (
    shop_id      bigint NOT NULL,
    customer_id  bigint NOT NULL,
    kind         text NOT NULL,                     -- email, phone, postal
    value        text NOT NULL,
    seen_at      timestamptz NOT NULL,
    CONSTRAINT customer_address_pkey PRIMARY KEY (shop_id, customer_id, kind, value),
    CONSTRAINT customer_address_customer_known FOREIGN KEY (shop_id, customer_id) REFERENCES customer,
    CONSTRAINT customer_address_kind_known CHECK (kind IN ('email', 'phone', 'postal'))
);
ALTER TABLE customer ADD COLUMN language text;      -- ISO 639-1, if an order told it

-- Who delivers messages at present, so that pages can say so. One row for each daemon's setting, the last one to start wins.
CREATE TABLE provider (
    channel     text NOT NULL,
    kind        text NOT NULL,                      -- spool, none
    place       text NOT NULL,                      -- the spool's folder
    since       timestamptz NOT NULL,
    CONSTRAINT provider_pkey PRIMARY KEY (channel)
);

---------------------------------------------------------------------------------------------------------------- the search

-- Small letters without marks, the same in every locale: ŽNIDARŠIČ and Žnidaršič are znidarsic, Ё is е. Pure ASCII, the most frequent, is quick.
CREATE FUNCTION folded(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(p_text) = length(p_text) THEN lower(p_text) ELSE lower(translate(normalize(p_text, NFKD),
               U&'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄŁłĐđØøÆæŒœÞþßıİ\0300\0301\0302\0303\0304\0306\0307\0308\030A\030B\030C\0323\0326\0327\0328',
               'абвгдежзиклмнопрстуфхцчшщъыьэюяієllddooaaoottsii')) END
$$;

-- The words of a text, up to 40 letters each: whatever stands between spaces and marks. Some may come twice.
CREATE FUNCTION search_words(p_text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(left(w, 40)), '{}')
      FROM unnest(string_to_array(translate(folded(left(p_text, 20000)), E'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\f«»„“”‚‘’–—·•¿¡→', repeat(' ', 60)), ' ')) AS w
     WHERE w <> ''
$$;

-- A telephone number is found by its last digits, six at least, however it is grouped.
CREATE FUNCTION phone_words(p_phone text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(right(d, n)), '{}') FROM (SELECT left(regexp_replace(p_phone, '[^0-9]', '', 'g'), 20) AS d) x, generate_series(6, length(d)) AS n
$$;

-- All words must be there, each of three letters or more also as the beginning of a longer one; NULL when there is no word. Of more than
-- eight words the longest eight count.
CREATE FUNCTION search_query(p_text text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg('''' || w || '''' || CASE WHEN length(w) >= 3 THEN ':*' ELSE '' END, ' & ')::tsquery
      FROM (SELECT DISTINCT CASE WHEN w ~ '^0[0-9]{6,}$' THEN ltrim(w, '0') ELSE w END AS w, length(w) FROM unnest(search_words(left(p_text, 200))) AS w
             ORDER BY length(w) DESC, w LIMIT 8) x WHERE w <> ''
$$;

-- One row a ticket: the words of its number, customer, orders and conversation.
CREATE TABLE ticket_search (
    shop_id    bigint NOT NULL,
    ticket_id  bigint NOT NULL,
    words      tsvector NOT NULL,
    CONSTRAINT ticket_search_pkey PRIMARY KEY (shop_id, ticket_id),
    CONSTRAINT ticket_search_ticket_known FOREIGN KEY (shop_id, ticket_id) REFERENCES ticket
) WITH (fillfactor = 80);
CREATE INDEX ticket_search_words ON ticket_search USING gin (words);

-- Adds words to a ticket's; one that has 20,000 of them takes no more.
CREATE FUNCTION add_words(p_shop bigint, p_ticket bigint, p_words text[]) RETURNS void LANGUAGE sql AS $$
    UPDATE ticket_search SET words = words || array_to_tsvector(p_words)
     WHERE shop_id = p_shop AND ticket_id = p_ticket AND length(words) < 20000
$$;

CREATE FUNCTION customer_words(p_shop bigint, p_customer bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT search_words(concat_ws(' ', c.name, c.email, c.phone, (SELECT string_agg(a.value, ' ') FROM customer_address a
                         WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id)))
           || phone_words(coalesce(c.phone, ''))
           || coalesce((SELECT array_agg(w) FROM customer_address a, unnest(phone_words(a.value)) AS w
                         WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id AND a.kind = 'phone'), '{}')
      FROM customer c WHERE c.shop_id = p_shop AND c.customer_id = p_customer
$$;

-- The words of a ticket from the beginning: after an erasure, and for tickets that were there before.
CREATE FUNCTION refresh_words(p_shop bigint, p_ticket bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ticket_search AS s (shop_id, ticket_id, words)
    SELECT t.shop_id, t.ticket_id, array_to_tsvector(
               ARRAY[t.ticket_id::text] || search_words(t.subject) || coalesce(customer_words(t.shop_id, t.customer_id), '{}')
               || search_words((SELECT string_agg(o.number, ' ') FROM ticket_order x JOIN shop_order o ON o.shop_id = x.shop_id AND o.order_id = x.order_id
                                 WHERE x.shop_id = t.shop_id AND x.ticket_id = t.ticket_id))
               || search_words((SELECT string_agg(concat_ws(' ', m.subject, m.body), ' ') FROM (
                                SELECT * FROM message WHERE shop_id = t.shop_id AND ticket_id = t.ticket_id ORDER BY message_id DESC LIMIT 500) m)))
      FROM ticket t WHERE t.shop_id = p_shop AND t.ticket_id = p_ticket
    ON CONFLICT ON CONSTRAINT ticket_search_pkey DO UPDATE SET words = excluded.words
$$;

CREATE FUNCTION ticket_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_search (shop_id, ticket_id, words)
    VALUES (NEW.shop_id, NEW.ticket_id, array_to_tsvector(
        ARRAY[NEW.ticket_id::text] || search_words(NEW.subject) || coalesce(customer_words(NEW.shop_id, NEW.customer_id), '{}')));
    PERFORM desk_tell(NEW.shop_id, 0, 'list');      -- the same for all tickets of one transaction, so it is sent once
    RETURN NULL;
END $$;

-- What open windows show has changed: 'conversation', 'ticket' or 'presence' of a ticket, or the 'list'. What counters do is not told here:
-- NOTIFY takes a lock of the whole database at commit, which the spend path must not pay. Listeners read the ledger's new rows instead.
CREATE FUNCTION desk_tell(p_shop bigint, p_ticket bigint, p_what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('supportmeter_desk', p_shop || ',' || p_ticket || ',' || p_what);
END $$;
CREATE TRIGGER ticket_opened AFTER INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION ticket_opened();

INSERT INTO customer_address (shop_id, customer_id, kind, value, seen_at)
SELECT shop_id, customer_id, 'email', email, created_at FROM customer WHERE email IS NOT NULL
UNION ALL SELECT shop_id, customer_id, 'phone', phone, created_at FROM customer WHERE phone IS NOT NULL;
SELECT refresh_words(shop_id, ticket_id) FROM ticket;
