-- Where the feed's daily look through the shop's list stands: the page that is read next; NULL while no sweep has come so far.
ALTER TABLE feed ADD COLUMN sweep_page integer CONSTRAINT feed_sweep_page_positive CHECK (sweep_page > 0);
