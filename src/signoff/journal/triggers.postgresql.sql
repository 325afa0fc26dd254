-- One statement a paragraph. Why each is there: triggers.py.

CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only'
    USING ERRCODE = 'integrity_constraint_violation';
END $$

CREATE OR REPLACE FUNCTION journal_posting_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id) THEN
    RAISE EXCEPTION 'the journal is append-only: this entry is closed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE OR REPLACE FUNCTION journal_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < 2
     OR NEW.size <> (SELECT count(*) FROM journal_posting WHERE entry_id = NEW.id)
     OR NEW.size <= (SELECT max(position) FROM journal_posting WHERE entry_id = NEW.id) THEN
    RAISE EXCEPTION 'a journal entry comes after all of its postings, two or more'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM journal_posting WHERE entry_id = NEW.id
    GROUP BY currency HAVING sum(amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'the postings of a journal entry do not add up to zero in every currency'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE OR REPLACE FUNCTION journal_posting_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position >= coalesce((SELECT size FROM journal_entry WHERE id = NEW.entry_id), 0) THEN
    RAISE EXCEPTION 'the journal is append-only: no entry was written for this posting'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$

CREATE TRIGGER journal_posting_first BEFORE INSERT ON journal_posting
FOR EACH ROW EXECUTE FUNCTION journal_posting_first()

CREATE TRIGGER journal_entry_balanced BEFORE INSERT ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_entry_balanced()

-- Two transactions do not see each other's rows: one could add to an entry that the other has not
-- committed yet. When it commits itself, it sees; and each place below the size is taken.
CREATE CONSTRAINT TRIGGER journal_posting_counted AFTER INSERT ON journal_posting
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION journal_posting_counted()

CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_refuse()

CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()

CREATE TRIGGER journal_posting_append_only BEFORE UPDATE OR DELETE ON journal_posting
FOR EACH ROW EXECUTE FUNCTION journal_refuse()

CREATE TRIGGER journal_posting_no_truncate BEFORE TRUNCATE ON journal_posting
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()
