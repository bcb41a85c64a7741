-- The accounts and the tax rate that a closed month's journals are booked on: the shop's, when the month was closed.
ALTER TABLE period_close
    ADD COLUMN journal_accounts jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT period_close_journal_accounts_object CHECK (jsonb_typeof(journal_accounts) = 'object');

-- Months that were closed before this file have those of now.
UPDATE period_close c SET journal_accounts = s.journal_accounts FROM shop s WHERE s.shop_id = c.shop_id;
