-- When a redelivery was last asked for: the three days of attempts begin anew then.
ALTER TABLE fathom_events ADD COLUMN redelivered_at timestamptz;
