-- The pickers of the ticket list: the tags in use, without a look at tickets that have none. What the desk's pages read is held to its indexes by
-- DeskPlanTests.
CREATE INDEX ticket_tagged ON ticket (shop_id, queue, waiting_since) INCLUDE (tags) WHERE queue < 2 AND tags <> '{}';
